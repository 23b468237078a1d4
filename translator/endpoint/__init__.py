"""The endpoint side of a plan: what Lync servers, phones and Windows hosts are set to.

Every format of an endpoint (cmdlet output, registry export, PowerShell ...) is read into the same
settings and written from them; settings become a plan, and a plan becomes settings.
"""
