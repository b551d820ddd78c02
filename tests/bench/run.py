#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets per second and memory of opening a capture, beside what others do.

Usage: run.py TRACE_BENCH [PACKETS…]   (1000000 unless told)

Each figure is the best of several runs, and each ratio is of one run of this script:
machines are noisy. What was generated is removed at the end.

Memory is the peak while the capture is opened, above that of the same program with an empty
capture. Of the long conversation it is that of its packets; what the short ones need more, at the
same number of packets, is that of the conversations.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

RUNS = 5

# What may be needed at the peak.
BYTES_PER_PACKET = 40
BYTES_PER_CONVERSATION = 400

Figures = namedtuple("Figures", "packets seconds peak_bytes conversations")


def run(*command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Figures(int(out[0]), float(out[1]), int(out[2]) * 1024, int(out[3]))


def rate(figures):
    return figures.packets / figures.seconds


def tshark(path, packets):
    start = time.monotonic()
    subprocess.run(["tshark", "-q", "-z", "conv,tcp", "-r", path], check=True, capture_output=True)
    return packets / (time.monotonic() - start)


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.empty_bytes = self.open_empty()

    def generate(self, kind, packets):
        path = os.path.join(self.folder, f"{kind}-{packets}.pcap")
        subprocess.run([self.program, "generate", kind, str(packets), path], check=True)
        return path

    def open_empty(self):
        path = self.generate("bulk", 0)
        return min(run(self.program, "open", path).peak_bytes for _ in range(RUNS))

    def measure(self, path):
        """The best of each, run in turn: what else the machine does then meets them all."""
        runs = {what: [] for what in ("open", "label", "loop", "minimal")}
        for _ in range(RUNS):
            for what, figures in runs.items():
                figures.append(run(self.program, what, path))
        return {what: min(figures, key=lambda one: one.seconds) for what, figures in runs.items()}

    def print_speed(self, figures, path):
        ours = rate(figures["open"])
        print(f"  open and index      {ours / 1e6:6.2f} M packets/s")
        print(f"  label all segments  {rate(figures['label']) / 1e6:6.2f} M packets/s")
        for what, name in (("loop", "empty libpcap loop"), ("minimal", "headers and a hash")):
            other = rate(figures[what])
            print(f"  {name}  {other / 1e6:6.2f} M packets/s   ours is {ours / other:.2f} of it")
        if shutil.which("tshark") and figures["open"].packets <= 1000000:
            other = tshark(path, figures["open"].packets)
            print(f"  tshark -z conv,tcp  {other / 1e6:6.2f} M packets/s   ours is {ours / other:.0f} times it")

    def print_memory(self, figures, packet_bytes):
        packets, conversations = figures.packets, figures.conversations
        used = figures.peak_bytes - self.empty_bytes
        budget = BYTES_PER_PACKET * packets + BYTES_PER_CONVERSATION * conversations
        if packet_bytes is None:
            detail = f"{used / packets:.1f} bytes/packet"
        else:
            each = (used - packet_bytes * packets) / conversations
            detail = f"{packet_bytes:.1f} bytes/packet + {each:.0f} bytes/conversation"
        print(f"  memory at the peak  {used / 1e6:6.1f} MB = {detail}")
        print(f"  budget              {budget / 1e6:6.1f} MB = {BYTES_PER_PACKET} bytes/packet + "
              f"{BYTES_PER_CONVERSATION} bytes/conversation   {used / budget:.2f} of it, "
              f"{'met' if used <= budget else 'NOT met'}")

    def bench(self, kind, packets, packet_bytes):
        """Returns what a packet takes when there is only one conversation."""
        path = self.generate(kind, packets)
        figures = self.measure(path)
        ours = figures["open"]
        print(f"{kind}, {ours.packets} packets, {ours.conversations} conversations, "
              f"{os.path.getsize(path) / 1e6:.0f} MB")
        self.print_speed(figures, path)
        self.print_memory(ours, packet_bytes)
        os.unlink(path)
        return (ours.peak_bytes - self.empty_bytes) / ours.packets


def main():
    program = sys.argv[1]
    sizes = [int(n) for n in sys.argv[2:]] or [1000000]
    with tempfile.TemporaryDirectory(prefix="trama-bench-") as folder:
        bench = Bench(program, folder)
        for packets in sizes:
            packet_bytes = bench.bench("bulk", packets, None)
            bench.bench("short", packets, packet_bytes)


if __name__ == "__main__":
    main()
