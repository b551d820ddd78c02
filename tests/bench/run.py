#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets per second and bytes per packet of opening a capture, beside what others do.

Usage: run.py TRACE_BENCH [PACKETS…]   (1000000 unless told)

Each figure is the best of several runs, and each ratio is of one run of this script:
machines are noisy. What was generated is removed at the end.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

RUNS = 5


def measure(command):
    """(packets per second, peak KiB, packets, conversations) of the best run."""
    best = None
    for _ in range(RUNS):
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        packets, seconds, peak, conversations = int(out[0]), float(out[1]), int(out[2]), int(out[3])
        if best is None or packets / seconds > best[0]:
            best = (packets / seconds, peak, packets, conversations)
    return best


def tshark(path, packets):
    start = time.monotonic()
    subprocess.run(["tshark", "-q", "-z", "conv,tcp", "-r", path], check=True, capture_output=True)
    return packets / (time.monotonic() - start)


def bench(program, kind, packets, folder):
    path = os.path.join(folder, f"{kind}-{packets}.pcap")
    subprocess.run([program, "generate", kind, str(packets), path], check=True)
    loop = measure([program, "loop", path])
    minimal = measure([program, "minimal", path])
    ours = measure([program, "open", path])
    print(f"{kind}, {packets} packets, {ours[3]} conversations, {os.path.getsize(path) / 1e6:.0f} MB")
    print(f"  open and index      {ours[0] / 1e6:6.2f} M packets/s   {ours[1] * 1024 / packets:6.1f} bytes/packet at peak")
    print(f"  empty libpcap loop  {loop[0] / 1e6:6.2f} M packets/s   ours is {ours[0] / loop[0]:.2f} of it")
    print(f"  headers and a hash  {minimal[0] / 1e6:6.2f} M packets/s   ours is {ours[0] / minimal[0]:.2f} of it")
    if shutil.which("tshark") and packets <= 1000000:
        other = tshark(path, packets)
        print(f"  tshark -z conv,tcp  {other / 1e6:6.2f} M packets/s   ours is {ours[0] / other:.0f} times it")
    os.unlink(path)



def main():
    program = sys.argv[1]
    sizes = [int(n) for n in sys.argv[2:]] or [1000000]
    with tempfile.TemporaryDirectory(prefix="trama-bench-") as folder:
        for packets in sizes:
            for kind in ("bulk", "short"):
                bench(program, kind, packets, folder)


if __name__ == "__main__":
    main()
