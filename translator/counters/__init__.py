"""Whether QoS works on a live device: counters before and after, held against the plan."""
