"""Writes the policies and their bindings, and puts the whole text in its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import Rendered, refuse
from translator.drivers.cisco.class_text import code_point_class, rule_class
from translator.drivers.cisco.marks import dscp_word
from translator.drivers.cisco.naming import clip, identifier, interface_name
from translator.drivers.cisco.pieces import Kind, Pieces
from translator.drivers.cisco_ios import lines
from translator.drivers.cisco_ios.classes import FORM
from translator.drivers.cisco_ios.policy import CLASS_DEFAULT
from translator.drivers.templates import fill
from translator.intents.lower import Block, class_blocks
from translator.intents.model import DeviceIntents, InterfaceIntents, QueueIntent, QueuingIntent
from translator.intents.pipeline import Service

__all__ = ["render"]

_HEADERS: Final = {
    Kind.ACCESS_LIST: "ip access-list extended",
    Kind.ACCESS_LIST_V6: "ipv6 access-list",
    Kind.CLASS_MAP: "class-map",
    Kind.POLICY_MAP: "policy-map",
}
_LOWEST_SHAPE_BPS = 8000  # Source: IOS-XE YANG model, shape average 8000 and up.
_DF = CodePoint(0)


def render(platform: str, intents: DeviceIntents, name_length: int) -> Rendered:
    """Return the configuration of one device.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly.
        DriverError: a name cannot stand in a configuration.
    """
    pieces = Pieces(name_length, _HEADERS)
    bindings: list[tuple[str, ...]] = []
    unbindings: list[tuple[str, ...]] = []
    for item in intents.interfaces:
        policies = _policies(platform, pieces, item)
        if policies:
            head = lines.INTERFACE.write(name=interface_name(item.name))
            bindings.append((head, *(f" {line}" for line in policies)))
            unbindings.append((head, *(f" no {line}" for line in policies)))
    config = fill(
        "cisco_ios/config.j2",
        device=clip(intents.device, 80),
        plan=clip(intents.plan, 80),
        access_lists=pieces.lines(Kind.ACCESS_LIST) + pieces.lines(Kind.ACCESS_LIST_V6),
        class_maps=pieces.lines(Kind.CLASS_MAP),
        policy_maps=pieces.lines(Kind.POLICY_MAP),
        interfaces=[line for binding in bindings for line in binding],
    )
    removal = fill(
        "cisco_ios/removal.j2",
        device=clip(intents.device, 80),
        interfaces=[line for binding in reversed(unbindings) for line in binding],
        definitions=pieces.removal(),
    )
    return Rendered(config=config, removal=removal, instructions=_INSTRUCTIONS)


_INSTRUCTIONS = (
    "enter `configure terminal`, then the configuration, then `end`",
    "check with `show policy-map interface`, then keep it with `write memory`",
)


def _policies(platform: str, pieces: Pieces, item: InterfaceIntents) -> list[str]:
    """Write the policies of one interface and return the lines that bind them."""
    bound: list[str] = []
    if item.marks:
        name = _marking_policy(platform, pieces, item)
        bound.append(lines.SERVICE_POLICY.write(direction="input", name=name))
    if item.queuing is not None:
        name = _queuing_policy(platform, pieces, item, item.queuing)
        bound.append(lines.SERVICE_POLICY.write(direction="output", name=name))
    return bound


def _marking_policy(platform: str, pieces: Pieces, item: InterfaceIntents) -> str:
    content = (item.classifier, item.reset)
    known = pieces.known(Kind.POLICY_MAP, content)
    if known is not None:
        return known
    name = pieces.names(Kind.POLICY_MAP).give(identifier("QOS", "IN", item.role), content)
    body: list[str] = []
    for block in class_blocks(item.classifier):
        class_name = rule_class(platform, FORM, pieces, block, item.role)
        if class_name is None:
            continue
        body.append(_class(class_name))
        if block.traffic_class.code_point is not None:
            body.append(_set_dscp(block.traffic_class.code_point))
    if item.reset:
        text = "code points that only classified packets may carry"
        body.append(_class(code_point_class(FORM, pieces, ("RESET",), item.reset, text)))
        body.append(_set_dscp(_DF))
    _add_policy(pieces, name, f"mark what enters from a {item.role}", body)
    return name


def _queuing_policy(
    platform: str, pieces: Pieces, item: InterfaceIntents, queuing: QueuingIntent
) -> str:
    """Write the queues, below a shaper where the rate is contracted; return the outer policy."""
    content = (queuing.queues, item.egress_classifier)
    name = pieces.known(Kind.POLICY_MAP, content)
    if name is None:
        wanted = identifier("QOS", "OUT", *([item.role] if item.egress_classifier else []))
        name = pieces.names(Kind.POLICY_MAP).give(wanted, content)
        body = _queues(platform, pieces, item, queuing)
        _add_policy(pieces, name, "serve the classes where packets leave", body)
    if queuing.shaping_bps is not None:
        return _shaper(platform, pieces, name, queuing.shaping_bps)
    if "." in item.name:
        # Unverified: the error text differs by release, but queuing needs a rate to share here.
        raise refuse(
            platform,
            f"queues on subinterface {item.name}",
            "a subinterface has no rate of its own",
            nearest="give it the role wan with its contracted rate",
        )
    return name


def _shaper(platform: str, pieces: Pieces, child: str, rate_bps: int) -> str:
    if rate_bps < _LOWEST_SHAPE_BPS:
        raise refuse(
            platform,
            f"a shaper of {rate_bps} bit/s",
            f"the lowest rate is {_LOWEST_SHAPE_BPS} bit/s",
            nearest=f"shape to {_LOWEST_SHAPE_BPS} bit/s",
        )
    content = (child, rate_bps)
    known = pieces.known(Kind.POLICY_MAP, content)
    if known is not None:
        return known
    wanted = identifier(child, "SHAPE", _rate_word(rate_bps))
    name = pieces.names(Kind.POLICY_MAP).give(wanted, content)
    body = [
        _class(CLASS_DEFAULT),
        "  " + lines.SHAPE.write(rate_bps=rate_bps),
        "  " + lines.CHILD.write(name=child),
    ]
    _add_policy(pieces, name, f"shape to {rate_bps} bit/s, then serve the classes", body)
    return name


def _queues(
    platform: str, pieces: Pieces, item: InterfaceIntents, queuing: QueuingIntent
) -> list[str]:
    """Return the classes of a queuing policy, by ports or by code points, class-default last."""
    if item.egress_classifier:
        body = _queues_by_ports(platform, pieces, item, queuing)
    else:
        body = _queues_by_code_points(platform, pieces, queuing)
    body.append(_class(CLASS_DEFAULT))
    body.extend(_default_service(platform, queuing.queues[-1]))
    return body


def _queues_by_ports(
    platform: str, pieces: Pieces, item: InterfaceIntents, queuing: QueuingIntent
) -> list[str]:
    queues = {queue.name: queue for queue in queuing.queues}
    default = queuing.queues[-1]
    blocks = class_blocks(item.egress_classifier)
    body: list[str] = []
    for block in blocks:
        queue = queues[block.traffic_class.name]
        if queue is default and queue.service is not Service.BEST_EFFORT:
            raise refuse(
                platform,
                f"rules for the default queue {queue.name}, which has a share",
                "only packets that no class takes share class-default",
                nearest="leave those rules out",
            )
        class_name = rule_class(platform, FORM, pieces, block, "OUT", item.role)
        if class_name is not None:
            body.append(_class(class_name))
            body.extend(_service(platform, queue, _share_of(platform, queue, block, blocks)))
    return body


def _queues_by_code_points(platform: str, pieces: Pieces, queuing: QueuingIntent) -> list[str]:
    body: list[str] = []
    for queue in queuing.queues[:-1]:
        if not queue.code_points:
            continue  # no packet is meant; a class without a match line has no known meaning
        text = f"queue {queue.name}"
        name = code_point_class(FORM, pieces, ("OUT", queue.name), queue.code_points, text)
        body.append(_class(name))
        body.extend(_service(platform, queue, queue.percent))
    return body


def _share_of(platform: str, queue: QueueIntent, block: Block, blocks: tuple[Block, ...]) -> int:
    """Return the percentage of one of the classes that order forced a queue apart into."""
    parts = [other for other in blocks if other.traffic_class == block.traffic_class]
    if len(parts) > queue.percent:
        raise refuse(
            platform,
            f"queue {queue.name} in {len(parts)} classes",
            f"{queue.percent} % cannot be divided among them",
            nearest="give the queue a larger share, or order its rows so that they stand together",
        )
    share, left = divmod(queue.percent, len(parts))
    return share + (1 if parts.index(block) < left else 0)


def _service(platform: str, queue: QueueIntent, percent: int) -> list[str]:
    """Return the lines of a queue's class."""
    if queue.service is Service.PRIORITY:
        return ["  " + lines.PRIORITY_PERCENT.write(percent=percent)]
    if queue.service is Service.GUARANTEED:
        share = ["  " + lines.BANDWIDTH_PERCENT.write(percent=percent)]
        return share + _early_drop(queue)
    if queue.service is Service.BEST_EFFORT:
        return []  # the class keeps its counters, its packets wait in the default queue
    raise _no_such_service(platform, queue)


def _default_service(platform: str, queue: QueueIntent) -> list[str]:
    if queue.service is Service.BEST_EFFORT:
        return ["  " + lines.FAIR_QUEUE.write(), *_early_drop(queue)]
    if queue.service is Service.GUARANTEED:
        share = ["  " + lines.BANDWIDTH_PERCENT.write(percent=queue.percent)]
        return share + _early_drop(queue)
    raise _no_such_service(platform, queue)


def _no_such_service(platform: str, queue: QueueIntent) -> Exception:
    return refuse(
        platform,
        f"service {queue.service} for queue {queue.name}",
        "there is priority, a share, and class-default, which takes no priority",
        nearest="best-effort",
    )


def _early_drop(queue: QueueIntent) -> list[str]:
    return ["  " + lines.RANDOM_DETECT.write()] if queue.congestion_avoidance else []


def _add_policy(pieces: Pieces, name: str, text: str, body: Sequence[str]) -> None:
    head = [lines.POLICY_MAP.write(name=name), " " + lines.DESCRIPTION.write(text=text)]
    pieces.add(Kind.POLICY_MAP, name, [*head, *body])


def _class(name: str) -> str:
    return " " + lines.CLASS.write(name=name)


def _set_dscp(code_point: CodePoint) -> str:
    return "  " + lines.SET_DSCP.write(phb=dscp_word(code_point))


def _rate_word(rate_bps: int) -> str:
    for unit, size in (("G", 10**9), ("M", 10**6), ("K", 10**3)):
        if rate_bps % size == 0:
            return f"{rate_bps // size}{unit}"
    return str(rate_bps)
