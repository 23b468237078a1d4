"""The page on the public interface: a stanza for each public name; mkdocstrings fills it in."""

from __future__ import annotations

from typing import Final

import translator

__all__ = ["page"]

_HEAD: Final = """\
# Interface for programs

Everything that `import translator` offers. A name is loaded when it is first used, so the import
itself costs nothing. Values are frozen: data classes, of which `dataclasses.replace` makes changed
copies, and Structs, for which it is `msgspec.structs.replace`. What a function raises is a
`TranslatorError` with a place and a hint.

```python
from translator import InterfaceSpec, compile_intents, driver, load_plan, lower, render_proven

router = driver("cisco_ios")
interfaces = [InterfaceSpec.of("Gi0/1=client"), InterfaceSpec.of("Gi0/0=wan:10M")]
intents = compile_intents(load_plan("lync-2013"), "branch", interfaces, {})
rendered, proof = render_proven(router, lower(intents, router.capabilities))
assert proof.ok
print(rendered.config)
```
"""


def page() -> str:
    """Return the page in Markdown, for mkdocstrings."""
    names = (f"::: translator.{name}" for name in translator.__all__)
    return "\n\n".join([_HEAD.rstrip(), *names]) + "\n"
