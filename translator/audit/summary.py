"""What a whole run came to, and the exit code that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from translator.audit.model import DeviceAudit, Judgement, Severity
from translator.errors import HostsFailedError

__all__ = ["Summary"]

_CLEAN = 0
_FINDINGS = 1


@dataclass(slots=True)
class Summary:
    """Counts that grow while devices go by, so that no run has to be kept in memory.

    Attributes:
        judgements: devices by their worst judgement; those in error are not among them.
        findings: findings by the id of their kind.
        devices_with: devices by the id of the kinds of findings that they have.
        classes: judgements on placements by class of the plan.
        errors: devices that could not be audited, with the exit code of the first.
    """

    devices: int = 0
    judgements: dict[Judgement, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    classes: dict[str, dict[Judgement, int]] = field(default_factory=dict)
    severities: dict[Severity, int] = field(default_factory=dict)
    devices_with: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    first_error_code: int = 0

    @classmethod
    def of(cls, devices: Iterable[DeviceAudit]) -> Summary:
        """Return the counts of some devices."""
        summary = cls()
        for device in devices:
            summary.add(device)
        return summary

    def add(self, device: DeviceAudit) -> None:
        """Count one more device."""
        self.devices += 1
        if device.error:
            self.errors += 1
            self.first_error_code = self.first_error_code or device.error_exit_code
            return
        judgement = device.judgement
        self.judgements[judgement] = self.judgements.get(judgement, 0) + 1
        for finding in device.findings:
            self.findings[finding.kind] = self.findings.get(finding.kind, 0) + 1
            severity = finding.severity
            self.severities[severity] = self.severities.get(severity, 0) + 1
        for id_ in {finding.kind for finding in device.findings}:
            self.devices_with[id_] = self.devices_with.get(id_, 0) + 1
        for placement in device.placements:
            for item in placement.classes:
                counts = self.classes.setdefault(item.name, {})
                counts[item.judgement] = counts.get(item.judgement, 0) + 1

    @property
    def exit_code(self) -> int:
        """0 when all is compliant; 1 with findings; 3 when some of several files failed.

        A note is no finding in this sense; a device of which nothing could be judged is.
        """
        if self.errors:
            return self.first_error_code if self.devices == 1 else HostsFailedError.exit_code
        bad = sum(self.judgements.values()) - self.judgements.get(Judgement.COMPLIANT, 0)
        told = sum(n for severity, n in self.severities.items() if severity is not Severity.NOTE)
        return _FINDINGS if bad or told else _CLEAN
