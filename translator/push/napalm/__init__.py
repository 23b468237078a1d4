"""Sessions over NAPALM: IOS is read, Junos is read and changed, over NETCONF."""
