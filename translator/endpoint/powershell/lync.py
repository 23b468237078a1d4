"""The cmdlets that set ports and marking of Lync, Skype for Business and Teams.

All parameters are listed, so that an abbreviation is known to be clear.

Source:
    Microsoft's documentation of each cmdlet (office-docs-powershell); that the prefix of a
    server's name may be left off, that a configuration without -Identity is the global one, and
    `Get-CsService -X | ForEach-Object {...}` for all servers, stand there too.
"""

from __future__ import annotations

from typing import Final

from translator.endpoint.powershell.cmdlet import Cmdlet
from translator.endpoint.powershell.fields import Fields, PhoneFields, PortFields, SwitchField
from translator.endpoint.powershell.parameters import Parameters, words
from translator.endpoint.settings import ClientRanges, MediaQos

__all__ = ["LYNC_CMDLETS", "TEAMS_CMDLETS"]

_FIRST_CLIENT_PORT: Final = 1024


def _parameters(names: str) -> Parameters:
    return Parameters(words(f"Identity Force {names}"), frozenset({"Force"}), ("Identity",))


def _client(medium: str, prefix: str) -> Fields:
    start = f"{prefix}Port"
    return PortFields(f"client.{medium}", start, f"{start}Range", low=_FIRST_CLIENT_PORT)


def _server(server: str, *media: str) -> tuple[Fields, ...]:
    words_of = {"audio": "Audio", "video": "Video", "app_sharing": "AppSharing"}
    return tuple(
        PortFields(
            f"{server}.{medium}",
            f"{words_of[medium]}PortStart",
            f"{words_of[medium]}PortCount",
        )
        for medium in media
    )


_MEDIA_PORTS: Final = (
    "AppSharingPortCount AppSharingPortStart AudioPortCount AudioPortStart "
    "VideoPortCount VideoPortStart "
)

LYNC_CMDLETS: Final = (
    Cmdlet(
        "Set-CsConferencingConfiguration",
        _parameters(
            "Instance ClientAppSharingPort ClientAppSharingPortRange ClientAudioPort "
            "ClientAudioPortRange ClientFileTransferPort ClientFileTransferPortRange "
            "ClientMediaPort ClientMediaPortRange ClientMediaPortRangeEnabled "
            "ClientSipDynamicPort ClientSipDynamicPortRange ClientVideoPort "
            "ClientVideoPortRange ConsoleDownloadExternalUrl ConsoleDownloadInternalUrl "
            "ContentGracePeriod HelpdeskExternalUrl HelpdeskInternalUrl "
            "MaxBandwidthPerAppSharingServiceMb MaxContentStorageMb Organization "
            "MaxUploadFileSizeMb CloudPollServicePrimaryUrl CloudPollServiceSecondaryUrl "
            "EncryptArchivedData"
        ),
        (
            SwitchField("ClientMediaPortRangeEnabled", ClientRanges),
            _client("audio", "ClientAudio"),
            _client("video", "ClientVideo"),
            _client("app_sharing", "ClientAppSharing"),
            _client("file_transfer", "ClientFileTransfer"),
            _client("communicator_2007r2", "ClientMedia"),
            _client("sip_dynamic", "ClientSipDynamic"),
        ),
    ),
    Cmdlet(
        "Set-CsConferenceServer",
        _parameters(
            _MEDIA_PORTS + "AppSharingSipPort AudioVideoSipPort DataPsomPort EdgeServer ImSipPort "
            "MeetingPsomPort PhoneSipPort"
        ),
        _server("conference_server", "audio", "video", "app_sharing"),
        service="ConferencingServer",
        every="Get-CsService -ConferencingServer",
    ),
    Cmdlet(
        "Set-CsApplicationServer",
        _parameters(
            _MEDIA_PORTS + "ApplicationDatabase AtsSipPort CaaSipPort CasSipPort CpsSipPort "
            "PdpSipPort PdpTurnPort RgsSipPort RgsWcfMtlsPort Registrar"
        ),
        _server("application_server", "audio", "video", "app_sharing"),
        service="ApplicationServer",
        every="Get-CsService -ApplicationServer",
    ),
    Cmdlet(
        "Set-CsMediationServer",
        _parameters(
            "AudioPortCount AudioPortStart EdgeServer Registrar SipClientTcpPort "
            "SipClientTlsPort SipServerPort"
        ),
        _server("mediation_server", "audio"),
        service="MediationServer",
        every="Get-CsService -MediationServer",
    ),
    Cmdlet(
        "Set-CsEdgeServer",
        _parameters(
            "AccessEdgeClientSipPort AccessEdgeExternalSipPort AccessEdgeInternalSipPort "
            "DataPsomClientPort DataPsomServerPort MediaCommunicationPortCount "
            "MediaCommunicationPortStart MediaRelayAuthEdgePort MediaRelayExternalTurnTcpPort "
            "MediaRelayExternalTurnUdpPort MediaRelayInternalTurnTcpPort "
            "MediaRelayInternalTurnUdpPort Registrar XmppInternalPort XmppListeningPort "
            "SkypeSearchProxyPort"
        ),
        (
            PortFields(
                "edge_server.media_external",
                "MediaCommunicationPortStart",
                "MediaCommunicationPortCount",
            ),
        ),
        service="EdgeServer",
        every="Get-CsService -EdgeServer",
    ),
    Cmdlet(
        "Set-CsTrustedApplicationPool",
        _parameters(
            _MEDIA_PORTS + "OutboundOnly Registrar RequiresReplication ThrottleAsServer "
            "TreatAsAuthenticated"
        ),
        _server("trusted_application_pool", "audio", "video", "app_sharing"),
        service="TrustedApplicationPool",
        every="Get-CsTrustedApplicationPool",
        piped=True,
    ),
    Cmdlet(
        "Set-CsMediaConfiguration",
        _parameters(
            "Instance EnableQoS EnableSiren EncryptionLevel MaxVideoRateAllowed "
            "EnableAdaptiveBandWidthEstimation EnableG722StereoCodec EnableH264Codec "
            "EnableInCallQoS EnableRtpRtcpMultiplexing InCallQoSIntervalSeconds "
            "EnableVideoBasedSharing EnableDtls EnableSilkForAudioVideoConferences "
            "EnableServerFecForVideoInterop WaitIceCompletedToAddDialOutUser EnableRtx "
            "EnableAVBundling EnableReceiveAgc"
        ),
        (SwitchField("EnableQoS", MediaQos),),
    ),
    Cmdlet(
        "Set-CsUCPhoneConfiguration",
        _parameters(
            "Instance Tenant CalendarPollInterval EnforcePhoneLock PhoneLockTimeout "
            "MinPhonePinLength SIPSecurityMode VoiceDiffServTag Voice8021p LoggingLevel"
        ),
        (PhoneFields(),),
    ),
)

TEAMS_CMDLETS: Final = (
    Cmdlet(
        "Set-CsTeamsMeetingConfiguration",
        _parameters(
            "Instance Tenant LogoURL LegalURL HelpURL CustomFooterText DisableAnonymousJoin "
            "EnableQoS ClientAudioPort ClientAudioPortRange ClientVideoPort "
            "ClientVideoPortRange ClientAppSharingPort ClientAppSharingPortRange "
            "ClientMediaPortRangeEnabled DisableAppInteractionForAnonymousUsers "
            "FeedbackSurveyForAnonymousUsers"
        ),
        (
            SwitchField("EnableQoS", MediaQos),
            SwitchField("ClientMediaPortRangeEnabled", ClientRanges),
            _client("audio", "ClientAudio"),
            _client("video", "ClientVideo"),
            _client("app_sharing", "ClientAppSharing"),
        ),
        tenant=True,
    ),
)
