"""Output of commands as devices of several generations print it; written for these tests."""

from __future__ import annotations

__all__ = ["CATALYST", "IOS_12", "IOS_15", "IOS_XE", "JUNOS", "TC_CLASS", "TC_QDISC"]

# IOS 12.4: counts below each match, `Strict Priority`, `(pkts matched/bytes matched)`.
IOS_12 = """\
 Serial0/0

  Service-policy output: WAN-EDGE

    Class-map: VOICE (match-any)
      4201 packets, 268864 bytes
      5 minute offered rate 31000 bps, drop rate 0 bps
      Match: ip dscp ef (46)
        4200 packets, 268800 bytes
        5 minute rate 31000 bps
      Match: access-group name VOICE-PORTS
        1 packets, 64 bytes
        5 minute rate 0 bps
      Queueing
        Strict Priority
        Output Queue: Conversation 264
        Bandwidth 128 (kbps) Burst 3200 (Bytes)
        (pkts matched/bytes matched) 4100/262400
        (total drops/bytes drops) 17/1088
      QoS Set
        dscp ef
          Packets marked 4201

    Class-map: class-default (match-any)
      900 packets, 5400000000 bytes
      5 minute offered rate 9000 bps, drop rate 0 bps
      Match: any
      Queueing
        Flow Based Fair Queueing
        Maximum Number of Hashed Queues 256
        (total queued/total drops/no-buffer drops) 0/3/NA
        exponential weight: 9
"""
# IOS 15: nested policies, early drop by code point, a policer.
IOS_15 = """\
GigabitEthernet0/0

  Service-policy output: SHAPE-10M

    Class-map: class-default (match-any)
      5000 packets, 4000000 bytes
      30 second offered rate 64000 bps, drop rate 0000 bps
      Match: any
      Queueing
      queue limit 64 packets
      (queue depth/total drops/no-buffer drops) 2/11/0
      (pkts output/bytes output) 4989/3990000
      shape (average) cir 10000000, bc 40000, be 40000
      target shape rate 10000000

      Service-policy : QUEUES

        queue stats for all priority classes:
          Queueing
          queue limit 64 packets
          (queue depth/total drops/no-buffer drops) 0/0/0
          (pkts output/bytes output) 2000/128000

        Class-map: AUDIO (match-any)
          2000 packets, 128000 bytes
          30 second offered rate 40000 bps, drop rate 0000 bps
          Match: ip dscp ef (46)
          Priority: 10% (1000 kbps), burst bytes 25000, b/w exceed drops: 0

        Class-map: VIDEO (match-any)
          0 packets, 0 bytes
          30 second offered rate 0000 bps, drop rate 0000 bps
          Match: ip dscp af41 (34) af42 (36)
          Queueing
          queue limit 64 packets
          (queue depth/total drops/no-buffer drops) 0/0/0
          (pkts output/bytes output) 0/0
          bandwidth 20% (2000 kbps)

        Class-map: class-default (match-any)
          3000 packets, 3872000 bytes
          30 second offered rate 24000 bps, drop rate 0000 bps
          Match: any
          Queueing
          queue limit 64 packets
          (queue depth/total drops/no-buffer drops) 0/11/0
          (pkts output/bytes output) 2989/3860000
            Exp-weight-constant: 9 (1/512)
            Mean queue depth: 1 packets
            dscp       Transmitted         Random drop      Tail drop        Minimum  Maximum  Mark
                    pkts/bytes            pkts/bytes       pkts/bytes        thresh   thresh   prob

            default    2980/3859424          9/5000           2/1200              20       40  1/10
            ef            9/576              0/0              0/0                 36       40  1/10
"""
# IOS-XE 16/17: packets alone, a policer in packets per second, set table maps.
IOS_XE = """\
TwentyFiveGigE1/0/1

  Service-policy input: MARK

    Class-map: VOICE (match-any)
      77 packets
      Match: access-group name VOICE
      QoS Set
        dscp ef
      police:
          cir 2000000 bps, bc 62500 bytes
        conformed 70 packets, 4480 bytes; actions:
          transmit
        exceeded 7 packets, 448 bytes; actions:
          drop
        conformed 1000 bps, exceeded 0000 bps

    Class-map: class-default (match-any)
      12 packets
      Match: any
      police:
          rate 1000 pps, burst 244 packets
        conformed 12 packets, 900 bytes; actions:
          transmit
        exceeded 0 packets, 0 bytes; actions:
          set-dscp-transmit dscp table remark
        conformed 0000 pps, exceeded 0000 pps
"""


def _code_points(first: str, ef: int) -> str:
    """A table of 64 code points in which only 0 and 46 were seen."""
    rows = []
    for low in range(0, 65, 5):
        counts = [{0: first, 46: str(ef)}.get(low + at, "0") for at in range(5) if low + at < 64]
        rows.append(f" {low:2} - {low + 4:2} :  " + "  ".join(f"{item:>11}" for item in counts))
    return "\n".join(rows)


def catalyst(ef: int, voice: int, dropped: int = 0) -> str:
    """Statistics of a 3560 port: EF that left, and what queue 1 took and lost."""
    return f"""\
GigabitEthernet1/0/2 (All statistics are in packets)

  dscp: incoming
-------------------------------

{_code_points("15233", 3)}
  dscp: outgoing
-------------------------------

{_code_points("800", ef)}
  cos: incoming
-------------------------------

  0 -  4 :           2            0            0            0            0
  5 -  7 :           0            0            0
  cos: outgoing
-------------------------------

  0 -  4 :           2            0            0            0            0
  5 -  7 :           0            0            0
  output queues enqueued:
 queue:    threshold1   threshold2   threshold3
-----------------------------------------------
 queue 0:           0           0        {voice}
 queue 1:           0           0           0
 queue 2:           0           0           5
 queue 3:          10          20         770

  output queues dropped:
 queue:    threshold1   threshold2   threshold3
-----------------------------------------------
 queue 0:           0           0        {dropped}
 queue 1:           0           0           0
 queue 2:           0           0           0
 queue 3:           4           0           0

Policer: Inprofile:            8 OutofProfile:            1
"""


CATALYST = catalyst(60, 61)
JUNOS = """\
Physical interface: ge-0/0/1, Enabled, Physical link is Up
  Interface index: 140, SNMP ifIndex: 518
  Description: to the other site
Forwarding classes: 16 supported, 3 in use
Egress queues: 8 supported, 3 in use
Queue: 0, Forwarding classes: best-effort
  Queued:
    Packets              :                  5000                    10 pps
    Bytes                :            5000000000                 80000 bps
  Transmitted:
    Packets              :                  4990                    10 pps
    Bytes                :            4990000000                 80000 bps
    Tail-dropped packets :                     4                     0 pps
    RL-dropped packets   :                     0                     0 pps
    RL-dropped bytes     :                     0                     0 bps
    RED-dropped packets  :                     6                     0 pps
     Low                 :                     6                     0 pps
     Medium-low          :                     0                     0 pps
     Medium-high         :                     0                     0 pps
     High                :                     0                     0 pps
    RED-dropped bytes    :                  6000                     0 bps
     Low                 :                  6000                     0 bps
     Medium-low          :                     0                     0 bps
     Medium-high         :                     0                     0 bps
     High                :                     0                     0 bps
  Queue-depth bytes      :
    Average              :                     0
    Current              :                  1500
    Peak                 :                  9000
    Maximum              :                 65536
Queue: 5, Forwarding classes: QOS-AUDIO
  Queued:
  Transmitted:
    Packets              :                   320
    Bytes                :                 40000
    Tail-dropped packets :                     0
    RL-dropped packets   :                     2
    RL-dropped bytes     :                   250
Queue: 3, Forwarding classes: network-control, more
  Queued:
    Packets              :                     7                     0 pps
    Bytes                :                   700                     0 bps
  Transmitted:
    Packets              :                     7                     0 pps
    Bytes                :                   700                     0 bps
"""
TC_CLASS = """\
class htb 1:10 parent 1:1 leaf 10: prio 0 rate 1Mbit ceil 10Mbit burst 15000b cburst 1600b
 Sent 1280 bytes 20 pkt (dropped 2, overlimits 0 requeues 0)
 backlog 128b 2p requeues 0
 lended: 20 borrowed: 0 giants: 0
 tokens: 1873 ctokens: -187

class htb 1:1 root rate 10Mbit ceil 10Mbit burst 15000b cburst 1600b
 Sent 4280 bytes 50 pkt (dropped 0, overlimits 0 requeues 0)
 backlog 0b 0p requeues 0
 lended: 0 borrowed: 0 giants: 0
 tokens: 187 ctokens: 20

class fq_codel 20:1a parent 20:
 (dropped 0, overlimits 0 requeues 0)
 backlog 0b 0p requeues 0
  deficit 1486 count 0 lastcount 0 ldelay 4us
"""
TC_QDISC = """\
qdisc htb 1: dev eth1 root refcnt 3 r2q 10 default 0x60 direct_packets_stat 6 direct_qlen 1000
 Sent 4280 bytes 50 pkt (dropped 2, overlimits 7 requeues 0)
 backlog 0b 0p requeues 0
qdisc fq_codel 20: dev eth1 parent 1:20 limit 10240p flows 1024 quantum 1514 target 5ms
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0)
 backlog 0b 0p requeues 0
  maxpacket 0 drop_overlimit 0 new_flow_count 0 ecn_mark 0
  new_flows_len 0 old_flows_len 0
qdisc cake 8001: dev eth2 root refcnt 2 bandwidth 10Mbit diffserv3 triple-isolate nonat
 Sent 900 bytes 9 pkt (dropped 1, overlimits 3 requeues 0)
 backlog 0b 0p requeues 0
 memory used: 9Kb of 4Mb
 capacity estimate: 10Mbit
 min/max network layer size:           42 /     120
 min/max overhead-adjusted size:       42 /     120
 average network hdr offset:           14

                   Bulk  Best Effort        Voice
  thresh        625Kbit       10Mbit     2500Kbit
  target         29.1ms          5ms       7.27ms
  interval        124ms        100ms        102ms
  pk_delay          0us          3us          0us
  av_delay          0us          0us          0us
  sp_delay          0us          0us          0us
  backlog            0b           0b           0b
  pkts                0            7            3
  bytes               0          800          200
  way_inds            0            0            0
  way_miss            0            2            1
  way_cols            0            0            0
  drops               0            1            0
  marks               0            0            0
  ack_drop            0            0            0
  sp_flows            0            1            0
  bk_flows            0            0            0
  un_flows            0            0            0
  max_len             0          120           64
  quantum           300          305          300
"""
