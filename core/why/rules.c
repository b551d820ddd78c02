/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <glib/gi18n-lib.h>

#define FACT TRAMA_SEVERITY_FACT
#define NOTICE TRAMA_SEVERITY_NOTICE
#define PROBLEM TRAMA_SEVERITY_PROBLEM

static const TramaRule rules[] = {
  /* opening */
  { .name = "refused-nobody-listens",
    .severity = PROBLEM,
    .flow = trama_judge_nobody_listens,
    .call = trama_judge_refused_unseen,
    .why = N_ ("A SYN for a port that no socket listens on is answered with RST (RFC 9293, section "
               "3.10.7.1), and connect(2) gives ECONNREFUSED."),
    .todo = N_ ("Start the server first, or check the address and the port; a listener takes only what is "
                "sent to its own address.") },
  { .name = "refused-listener-closed",
    .severity = PROBLEM,
    .flow = trama_judge_listener_closed,
    .why = N_ ("With the listening socket closed, the port is like any other that nobody listens on: a SYN "
               "is answered with RST (RFC 9293, section 3.10.7.1)."),
    .todo = N_ ("Keep the listener open for as long as clients may come, or let the client try again.") },
  { .name = "refused-inside",
    .severity = PROBLEM,
    .call = trama_judge_refused_inside,
    .why = N_ ("A name of AF_UNIX leads to a socket only while that is open, and listens where connections "
               "are made; connect(2) and send(2) give ECONNREFUSED otherwise: unix(7)."),
    .todo = N_ ("Start the receiver first, and unlink() the name when it ends.") },
  { .name = "not-accepted-yet",
    .severity = NOTICE,
    .flow = trama_judge_not_accepted_yet,
    .why = N_ ("The kernel completes the handshake without the server, and keeps the connection in the "
               "accept queue until accept(2) takes it: listen(2)."),
    .todo = N_ ("Call accept() sooner: in a loop of its own, or with a worker for each connection.") },
  { .name = "backlog-full",
    .severity = PROBLEM,
    .flow = trama_judge_backlog_full,
    .why = N_ ("When the accept queue is full, Linux drops the SYN without a word, and the client sends it "
               "again after 1 s, and again later: listen(2), tcp(7)."),
    .todo = N_ ("Call accept() sooner, or give listen() a larger backlog.") },
  { .name = "backlog-full-inside",
    .severity = NOTICE,
    .call = trama_judge_connect_blocks,
    .why = N_ (
        "Over AF_UNIX connect(2) sleeps while the accept queue of the listener is full, and gives EAGAIN "
        "where it must not sleep: connect(2), listen(2)."),
    .todo = N_ ("Call accept() sooner, or give listen() a larger backlog.") },
  { .name = "syn-resent",
    .severity = NOTICE,
    .flow = trama_judge_syn_resent,
    .why = N_ ("A SYN that is not answered is sent again after 1 s, and again later (RFC 6298, section 2): "
               "it or its answer was lost, or its receiver dropped it."),
    .todo = N_ ("Look whether the network loses packets, or the server is too busy to accept.") },
  { .name = "connect-timed-out",
    .severity = PROBLEM,
    .flow = trama_judge_connect_timed_out,
    .why = N_ ("After tcp_syn_retries SYNs without an answer connect(2) gives ETIMEDOUT: tcp(7). A port "
               "where nobody listens would have answered with RST."),
    .todo = N_ ("Check the address, the firewall, and whether the accept queue of the server is full.") },
  { .name = "unreachable",
    .severity = PROBLEM,
    .flow = trama_judge_unreachable,
    .why = N_ ("A router or the host says that the packet cannot go on (RFC 792; RFC 4443, section 3.1), and "
               "connect(2) gives EHOSTUNREACH or the like (RFC 1122, section 4.2.3.9)."),
    .todo = N_ ("Check the address, the route to it, and whether a firewall refuses it.") },
  { .name = "refused-by-icmp",
    .severity = PROBLEM,
    .flow = trama_judge_refused_by_icmp,
    .why = N_ ("A host answers a SYN for a port where nobody listens with RST (RFC 9293, section 3.10.7.1); "
               "ICMP says so for firewalls that reject, and connect(2) gives ECONNREFUSED all the same (RFC "
               "1122, section 4.2.3.9)."),
    .todo = N_ ("Look for a firewall on the way or at the host that rejects this port.") },
  { .name = "port-pair-reused",
    .severity = NOTICE,
    .flow = trama_judge_pair_reused,
    .why = N_ ("A connection is named by its two addresses and ports, which are free again when both ends "
               "have forgotten it (RFC 9293, section 3.6.1)."),
    .todo = N_ (
        "Take care not to read the two as one; without bind() the kernel chooses a fresh port for each.") },
  { .name = "never-used",
    .severity = NOTICE,
    .flow = trama_judge_never_used,
    .why = N_ ("To open and close a connection takes six or seven segments (RFC 9293, sections 3.5 and "
               "3.6), here for nothing."),
    .todo = N_ ("Connect when there is something to say; if it is a probe, this is what it costs.") },

  /* ends that are well */
  { .name = "end-of-file",
    .severity = FACT,
    .socket = trama_judge_end_of_file,
    .why = N_ ("The FIN of the peer comes behind all its data; when these are read, read(2) returns 0, now "
               "and ever after."),
    .todo = N_ ("Stop reading, send what is left to be sent, and close().") },
  { .name = "half-close",
    .severity = FACT,
    .flow = trama_judge_half_close,
    .why = N_ ("FIN ends one direction only (RFC 9293, section 3.6.1): after shutdown(2) with SHUT_WR a "
               "socket can still read."),
    .todo = N_ ("Go on reading until read() returns 0, then close().") },
  { .name = "closed-first",
    .severity = FACT,
    .flow = trama_judge_closed_first,
    .why = N_ ("Who closes first has closed actively and waits in TIME-WAIT, lest late segments meet a new "
               "connection (RFC 9293, section 3.6.1; 60 s on Linux)."),
    .todo = N_ ("Nothing: it is a client's part to close first.") },
  { .name = "server-closed-first",
    .severity = NOTICE,
    .flow = trama_judge_server_waits,
    .why = N_ ("Who closes first waits in TIME-WAIT (RFC 9293, section 3.6.1); at a server that holds its "
               "port against bind(2) for 60 s on Linux, unless SO_REUSEADDR was set."),
    .todo = N_ ("Let the client close first where the protocol allows, and set SO_REUSEADDR before bind() "
                "in every server.") },
  { .name = "closed-together",
    .severity = FACT,
    .flow = trama_judge_closed_together,
    .why = N_ ("Both sides may close at once: each goes through CLOSING to TIME-WAIT (RFC 9293, section "
               "3.6, figure 13)."),
    .todo = N_ ("Nothing: it is well.") },

  /* ends that are not */
  { .name = "reset-unread",
    .severity = PROBLEM,
    .flow = trama_judge_unread_reset,
    .why = N_ ("Data that nobody will read are lost, and RST says so to their sender (RFC 2525, section "
               "2.17; RFC 1122, section 4.2.2.13)."),
    .todo = N_ ("Read until read() returns 0 before close().") },
  { .name = "reset-linger",
    .severity = NOTICE,
    .flow = trama_judge_linger_reset,
    .why = N_ ("With a linger time of 0 close() aborts the connection, and throws away what was not sent: "
               "socket(7); RFC 9293, section 3.10.5."),
    .todo = N_ ("Leave SO_LINGER alone, unless the connection shall be aborted.") },
  { .name = "reset-sent-to-closed",
    .severity = PROBLEM,
    .flow = trama_judge_closed_reset,
    .why = N_ ("A socket that is closed in both directions answers new data with RST (RFC 1122, section "
               "4.2.2.13); the next write gets EPIPE and SIGPIPE."),
    .todo = N_ ("Read before you write: read() returning 0 says that the peer has closed; let it "
                "shutdown() if it still wants to read.") },
  { .name = "reset-not-accepted",
    .severity = PROBLEM,
    .flow = trama_judge_unaccepted_reset,
    .why = N_ ("The kernel aborts the connections that still wait in the accept queue when their listening "
               "socket is closed (RFC 9293, section 3.10.5)."),
    .todo = N_ ("Accept what has come before you close the listener.") },
  { .name = "half-open",
    .severity = PROBLEM,
    .flow = trama_judge_half_open,
    .why = N_ ("One side has lost the connection without a FIN, as in a crash, and answers what comes for "
               "it with RST (RFC 9293, section 3.5.1)."),
    .todo = N_ ("Treat ECONNRESET as the end, and connect again; SO_KEEPALIVE finds out earlier.") },
  { .name = "keep-alive-unanswered",
    .severity = PROBLEM,
    .flow = trama_judge_unanswered,
    .why = N_ ("After TCP_KEEPCNT probes without an answer the kernel ends the connection, and calls give "
               "ETIMEDOUT (RFC 9293, section 3.8.4; tcp(7)): the peer, or the way to it, is gone."),
    .todo = N_ ("Connect again, and look for what lies between: a firewall that forgets idle connections "
                "wants a shorter TCP_KEEPIDLE.") },
  { .name = "aborted",
    .severity = PROBLEM,
    .flow = trama_judge_aborted,
    .why = N_ ("RST ends a connection at once and drops what was on its way (RFC 9293, section 3.10.7.4)."),
    .todo = N_ ("Look in the program that sent it: data left unread at close(), SO_LINGER with 0, or a "
                "process that was ended.") },
  { .name = "reset-ignored",
    .severity = PROBLEM,
    .flow = trama_judge_ignored,
    .why = N_ (
        "Only RST with the very number that is expected next ends a connection; one with another "
        "number in the window is answered with an ACK, and one outside it is dropped (RFC 9293, section "
        "3.10.7.4; RFC 5961, section 3.2)."),
    .todo = N_ ("Look for who sent it: a firewall that resets what it guesses, or somebody who wants to cut "
                "the connection.") },
  { .name = "syn-ignored",
    .severity = PROBLEM,
    .flow = trama_judge_stray_syn,
    .why = N_ (
        "SYN opens nothing where a connection is open: it is answered with an ACK of that, and who has "
        "really lost it answers with RST (RFC 9293, section 3.10.7.4; RFC 5961, section 4)."),
    .todo = N_ ("Look for who sent it: a packet that was late for long, or somebody who wants to cut the "
                "connection.") },
  { .name = "reset-inside",
    .severity = PROBLEM,
    .socket = trama_judge_reset_inside,
    .why = N_ ("Over AF_UNIX no segment tells of a reset: who closes with data unread, or a listener with "
               "connections that nobody accepted, lets the peer's next call fail with ECONNRESET: unix(7)."),
    .todo = N_ ("Read until read() returns 0 before close(), and accept what has come.") },
  { .name = "broken-pipe",
    .severity = PROBLEM,
    .socket = trama_judge_broken_pipe,
    .why = N_ ("A write to a connection that cannot take it any more fails with EPIPE, and SIGPIPE ends "
               "the process that does not handle it: write(2), signal(7)."),
    .todo = N_ ("Ignore SIGPIPE or send with MSG_NOSIGNAL, and look for EPIPE.") },

  /* data */
  { .name = "nagle-delayed-ack",
    .severity = PROBLEM,
    .flow = trama_judge_nagle,
    .why = N_ ("Nagle's algorithm keeps a small segment back until the one before it is acknowledged, and "
               "the receiver delays that ACK in the hope of an answer (RFC 9293, sections 3.7.4 and "
               "3.8.6.3)."),
    .todo = N_ ("Write a message in one call, or set TCP_NODELAY.") },
  { .name = "zero-window",
    .severity = NOTICE,
    .flow = trama_judge_zero_window,
    .why = N_ ("A receive buffer that is full is advertised as a window of 0, and the sender waits and "
               "probes (RFC 9293, section 3.8.6.1)."),
    .todo = N_ ("Read faster, or more at a time; a larger SO_RCVBUF only puts it off.") },
  { .name = "keep-alive",
    .severity = FACT,
    .flow = trama_judge_keep_alive,
    .why = N_ ("With SO_KEEPALIVE the kernel asks an idle peer whether it is still there, and ends the "
               "connection when nobody answers (RFC 9293, section 3.8.4; tcp(7))."),
    .todo = N_ ("Nothing; TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT say when and how often it asks.") },
  { .name = "retransmission-timeout",
    .severity = NOTICE,
    .flow = trama_judge_timeout,
    .why = N_ (
        "When no ACK comes in time the sender takes the segment for lost and sends it again (RFC 6298, "
        "section 5), and begins anew with a small window."),
    .todo = N_ (
        "Look whether the network loses packets; what is lost at the end of a burst costs a timeout.") },
  { .name = "retransmission-backoff",
    .severity = PROBLEM,
    .flow = trama_judge_backoff,
    .why = N_ ("Each time in vain the sender waits twice as long before the next (RFC 6298, section 5.5)."),
    .todo = N_ ("Look for what was down meanwhile: the network, a firewall, or the peer.") },
  { .name = "fast-retransmit",
    .severity = NOTICE,
    .flow = trama_judge_fast,
    .why = N_ ("A receiver that misses a segment repeats its last ACK for each one behind the gap, and the "
               "sender fills "
               "the gap without waiting (RFC 5681, section 3.2; RFC 6675)."),
    .todo = N_ ("Nothing, when it is rare; many of them say that the network loses packets.") },
  { .name = "tail-loss-probe",
    .severity = NOTICE,
    .flow = trama_judge_tail_probe,
    .why = N_ ("Behind the last segment nothing comes that could make duplicate ACKs, so the sender repeats "
               "it before the "
               "timeout (RFC 8985, section 7)."),
    .todo = N_ ("Nothing, when it is rare; many of them say that the network loses packets.") },
  { .name = "timeout-or-probe",
    .severity = NOTICE,
    .flow = trama_judge_tail,
    .why = N_ (
        "Of a segment on its own Linux waits as long before a probe (RFC 8985, section 7.2) as before "
        "a timeout (RFC 6298, section 2); only when both are in vain, the next wait tells them apart."),
    .todo = N_ ("Look whether the network loses packets; what is lost at the end of a burst costs such a "
                "wait.") },
  { .name = "spurious-retransmission",
    .severity = NOTICE,
    .flow = trama_judge_spurious,
    .why = N_ ("The ACK came late, not never: the sender's timer was too short for the delay, or packets "
               "overtook each "
               "other (RFC 2883; RFC 5682)."),
    .todo = N_ ("Look for delays that come and go, and for paths that reorder packets.") },
  { .name = "lost-before-capture",
    .severity = NOTICE,
    .flow = trama_judge_lost_before,
    .why = N_ (
        "A segment that fills a gap well after what lies behind the gap was lost before it came here, or "
        "by the capture, and its receiver asked for it, or its sender waited in vain (RFC 9293, section "
        "3.8.1)."),
    .todo = N_ (
        "Look for losses between the sender and the capture point; a capture at the sender shows both "
        "copies.") },
  { .name = "bytes-rewritten",
    .severity = PROBLEM,
    .flow = trama_judge_rewritten,
    .why = N_ (
        "A sequence number names one byte (RFC 9293, section 3.4), and what is sent again is the same, "
        "unless it was damaged, or somebody else made it; Linux keeps what came first."),
    .todo = N_ ("Where the checksums are right, look for a device or a program between the two that writes "
                "into the connection; following the stream shows both.") },
  { .name = "peer-vanished",
    .severity = PROBLEM,
    .flow = trama_judge_vanished,
    .why = N_ ("A peer that is gone without a FIN or RST answers nothing; after tcp_retries2 attempts the "
               "calls give "
               "ETIMEDOUT: tcp(7)."),
    .todo = N_ ("Set a time limit of your own, TCP_USER_TIMEOUT or SO_KEEPALIVE; the kernel's is 15 minutes "
                "or more.") },
  { .name = "messages-joined",
    .severity = FACT,
    .socket = trama_judge_messages_joined,
    .why = N_ (
        "A stream has no boundaries: a read takes what is there, however many writes it came from: tcp(7)."),
    .todo = N_ ("Say in the protocol where a message ends: a length before it, or a mark behind it.") },
  { .name = "message-split",
    .severity = FACT,
    .socket = trama_judge_message_split,
    .why = N_ ("A stream has no boundaries: a read may take less than was written, because of its buffer "
               "or of what has come so far: read(2), tcp(7)."),
    .todo = N_ ("Read in a loop until the message is whole, or with MSG_WAITALL.") },
  { .name = "small-writes",
    .severity = NOTICE,
    .socket = trama_judge_small_writes,
    .why = N_ (
        "Each write is a system call, and may be a segment with 40 bytes of headers or more (RFC 896)."),
    .todo = N_ ("Collect a message and write it in one call, with writev() or MSG_MORE.") },
  { .name = "send-buffer-full",
    .severity = NOTICE,
    .socket = trama_judge_send_blocks,
    .why = N_ ("What is not acknowledged stays in the send buffer; when that is full, a write blocks, or "
               "gives EAGAIN: send(2), socket(7)."),
    .todo = N_ ("Let the receiver read faster; wait with poll() for POLLOUT where you must not block.") },

  /* datagrams */
  { .name = "datagram-cut",
    .severity = PROBLEM,
    .socket = trama_judge_datagram_cut,
    .why = N_ (
        "A datagram is read by one call; what does not fit its buffer is thrown away: recv(2), MSG_TRUNC."),
    .todo = N_ ("Give it a buffer for the largest datagram that may come, and look at MSG_TRUNC.") },
  { .name = "receive-buffer-full",
    .severity = PROBLEM,
    .socket = trama_judge_no_room,
    .why = N_ ("UDP has no window: what comes when the receive buffer is full is dropped, and nobody is "
               "told (RFC 768; udp(7))."),
    .todo = N_ ("Read faster, set a larger SO_RCVBUF, or let the receiver tell the sender when to go on.") },
  { .name = "datagram-nobody",
    .severity = PROBLEM,
    .flow = trama_judge_datagram_nobody,
    .why = N_ ("A datagram for a port without a socket is answered with ICMP port unreachable (RFC 1122, "
               "section 4.1.3.1)."),
    .todo = N_ ("Start the receiver first, or check the port; connect() the socket to be told of it.") },
  { .name = "icmp-reported",
    .severity = NOTICE,
    .socket = trama_judge_unreachable_told,
    .why = N_ ("A connected UDP socket keeps the ICMP error and gives it as an errno to the next call "
               "(RFC 1122, section 4.1.3.3; udp(7))."),
    .todo = N_ ("Send again after such an error; it was about an earlier datagram.") },
  { .name = "peer-queue-full",
    .severity = NOTICE,
    .socket = trama_judge_queue_full,
    .why = N_ ("AF_UNIX loses no datagram: when net.unix.max_dgram_qlen of them wait, the sender blocks, "
               "or gets EAGAIN: unix(7)."),
    .todo = N_ ("Let the receiver read faster; wait with poll() for POLLOUT where you must not block.") },

  /* the network between them */
  { .name = "packet-too-big",
    .severity = NOTICE,
    .flow = trama_judge_too_big,
    .why = N_ ("What is larger than the next link takes, and must not be cut, is dropped, and its sender is "
               "told by ICMP (RFC 1191, section 3; RFC 8201, section 4)."),
    .todo = N_ ("Nothing, if it comes again in smaller pieces; if not, the message did not reach its "
                "sender: let ICMP through.") },
  { .name = "not-delivered",
    .severity = PROBLEM,
    .flow = trama_judge_undelivered,
    .why = N_ ("A router or the host says that the packet cannot go on, or must not (RFC 792; RFC 4443, "
               "section 3.1)."),
    .todo = N_ ("Check the address, the route to it, and whether a firewall refuses it.") },
  { .name = "time-to-live-over",
    .severity = NOTICE,
    .flow = trama_judge_expired,
    .why = N_ ("Each router takes one from the time to live, and drops the packet at zero (RFC 791, section "
               "3.2; RFC 8200, section 3)."),
    .todo = N_ (
        "Nothing, if somebody traces the route; else look for routers that pass it on in a circle.") },
  { .name = "not-reassembled",
    .severity = PROBLEM,
    .flow = trama_judge_not_reassembled,
    .why = N_ ("With one fragment lost the whole datagram is: the others wait for it for 30 s on Linux, and "
               "are dropped (RFC 1122, section 3.3.2; ip(7))."),
    .todo = N_ (
        "Send datagrams that fit the path, of 1200 bytes or less; a lost fragment costs all of it.") },
  { .name = "fragments-missing",
    .severity = NOTICE,
    .trace = trama_judge_fragments,
    .why = N_ ("A datagram that is too large for a link goes in fragments, and is delivered only when all "
               "have come (RFC 791, section 3.2; RFC 8200, section 4.5)."),
    .todo = N_ ("Look whether they were lost on the way, or passed by where nobody captured.") },

  /* resources */
  { .name = "address-in-time-wait",
    .severity = PROBLEM,
    .trace = trama_judge_address_waits,
    .why = N_ ("A port with a connection in TIME-WAIT can be bound again only if SO_REUSEADDR was set, "
               "then and now: socket(7); RFC 9293, section 3.6.1."),
    .todo = N_ ("Set SO_REUSEADDR on the listener before bind(), each time.") },
  { .name = "address-taken",
    .severity = PROBLEM,
    .trace = trama_judge_address_taken,
    .why = N_ ("One address and port belong to one socket, unless all of them have set SO_REUSEPORT, and a "
               "name of AF_UNIX to one until its file is removed: bind(2), socket(7), unix(7)."),
    .todo = N_ ("Find out who has it (ss -lxp), choose another, or unlink() a name that is left.") },
  { .name = "descriptor-leak",
    .severity = NOTICE,
    .socket = trama_judge_leak,
    .why = N_ ("A descriptor that is not closed keeps its socket, and the peer waits for its FIN, until "
               "the process ends: close(2)."),
    .todo = N_ ("Close every socket, on the ways of failure too; a server that forgets one for each client "
                "ends with EMFILE.") },

  { .name = "kernel-disagrees",
    .severity = NOTICE,
    .trace = trama_judge_disagrees,
    .why = N_ ("By RFC 9293, section 3.3.2, the packets lead to one state, and the kernel has another: it "
               "has decided what "
               "is not sent yet, as a FIN behind data that wait, or packets were not captured."),
    .todo = N_ ("Trust the kernel; look for what keeps the socket from sending, or for packets that the "
                "capture has lost.") },

  /* what the capture does not have */
  { .name = "began-before",
    .severity = FACT,
    .flow = trama_judge_began_before,
    .why = N_ ("Without the SYNs it is not known who called, nor how windows are scaled (RFC 7323, section "
               "2.2); sequence numbers count from the first that was seen."),
    .todo = N_ ("Begin to capture before the connection is opened, if its beginning matters.") },
  { .name = "one-sided",
    .severity = NOTICE,
    .flow = trama_judge_one_sided,
    .why = N_ ("The ACKs of the other side are not in the capture: what arrived, what was lost, and why "
               "something was sent again, cannot be told without them (RFC 9293, section 3.4)."),
    .todo = N_ ("Capture where both directions pass, with a filter that lets both through.") },
  { .name = "not-captured",
    .severity = NOTICE,
    .flow = trama_judge_not_captured,
    .why = N_ (
        "What is acknowledged has arrived (RFC 9293, section 3.4): it was lost by the capture, or took "
        "another way, not by the network."),
    .todo = N_ ("Take no gap here for a loss; capture with a larger buffer, or where all packets pass.") },
  { .name = "captured-twice",
    .severity = NOTICE,
    .flow = trama_judge_captured_twice,
    .why = N_ ("A capture on all interfaces, or of a mirrored port, has a packet once for each place that it "
               "passes; the copies are no retransmissions."),
    .todo = N_ ("Capture on one interface; counts of packets and bytes here have the copies in them.") },
  { .name = "capture-dropped",
    .severity = NOTICE,
    .trace = trama_judge_dropped,
    .of_capture = TRUE,
    .why = N_ (
        "A capture that is not emptied fast enough loses packets, and counts them: pcap_stats(3PCAP)."),
    .todo = N_ ("Take no gap for a loss of the network; capture with a larger buffer, or with a filter.") },
  { .name = "link-unknown",
    .severity = NOTICE,
    .trace = trama_judge_link_unknown,
    .of_capture = TRUE,
    .why = N_ ("What a packet begins with depends on the link it was captured on: pcap-linktype(7)."),
    .todo = N_ ("Capture on another interface, as on “any”; their bytes are shown all the same.") },
  { .name = "cut-in-headers",
    .severity = NOTICE,
    .trace = trama_judge_cut_in_headers,
    .of_capture = TRUE,
    .why = N_ ("A capture keeps only the first bytes of each packet, its snap length; without addresses and "
               "ports nobody knows whose it was."),
    .todo = N_ ("Capture with a larger snap length, as tcpdump -s 262144.") },
  { .name = "clock-set-back",
    .severity = NOTICE,
    .trace = trama_judge_clock_set,
    .of_capture = TRUE,
    .why = N_ ("Packets bear the time of day of the machine that captured, and are shown in its order."),
    .todo = N_ ("Trust no duration across it; open the parts of the file one by one.") },

  /* time */
  { .name = "blocked-longest",
    .severity = FACT,
    .trace = trama_judge_longest,
    .why = N_ ("The process slept in the call until the kernel had what it asked for."),
    .todo = N_ ("Look at what it waited for: the packet or call that woke it tells.") },
};

const TramaRule *
trama_rules (guint *n_rules)
{
  *n_rules = G_N_ELEMENTS (rules);
  return rules;
}
