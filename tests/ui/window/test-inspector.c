/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/event_text.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"
#include "ui/inspector/call_facts.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What the inspector says of a telephone call that really took place. */

static TramaFlowTable *
get_table (Fixture *fixture)
{
  return trama_view_state_get_table (trama_window_get_state (fixture->window));
}

static void
select_call (Fixture *fixture, const char *name)
{
  trama_view_state_select (trama_window_get_state (fixture->window),
                           (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, name) });
  fixture_settle (fixture);
}

static char *
get_text (Fixture *fixture)
{
  return trama_inspector_dup_text (trama_window_get_inspector (fixture->window));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    {
      g_test_message ("no “%s” in:\n%s", part, text);
      g_test_fail ();
    }
}

static gboolean
skip_without_packets (Fixture *fixture)
{
  if (trama_store_packets_observed (fixture_get_store (fixture)))
    return FALSE;
  g_test_skip ("packets are not observed on this machine");
  return TRUE;
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = get_text (fixture);

  g_assert_cmpstr (text, ==, "");
}

static void
test_connect (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  select_call (fixture, "connect");
  text = get_text (fixture);
  assert_has (text, "connect(2)");
  assert_has (text, "client · ");
  assert_has (text, "connect(3, 127.0.0.1:5000) = 0");
  assert_has (text, "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);");
  assert_has (text, "  sockfd: 3 (int · the socket's descriptor)");
  assert_has (text, "  addr: 127.0.0.1:5000 (const struct sockaddr * · byte by byte below)");
  assert_has (text, "  return value: 0 (success: the connection is established)");
  assert_has (text, "  TCP state: ESTABLISHED");
  assert_has (text, "  peer address: 127.0.0.1:5000");
  /* The address structure itself. */
  assert_has (text, "struct sockaddr_in");
  assert_has (text, "  sin_port: ");
}

static void
test_socket (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  select_call (fixture, "socket");
  text = get_text (fixture);
  assert_has (text, "  domain: AF_INET (int · 2: IPv4 Internet protocols, ip(7))");
  assert_has (text, "  type: SOCK_STREAM (int · 1: ");
  assert_has (text, "  protocol: 0 (int · ");
  assert_has (text, "  return value: 3 (");
}

static void
test_read (Fixture *fixture, gconstpointer data)
{
  TramaStore *store = fixture_get_store (fixture);
  guint read = fixture_find_call (fixture, "read");
  const TramaValue *value = trama_call_find_bytes (trama_store_get_call (store, read), TRAMA_VALUE_DATA);
  g_autofree char *text = NULL;

  g_assert_nonnull (value);
  g_assert_cmpint (value->number, >, 0);
  g_assert_null (trama_call_find_bytes (trama_store_get_call (store, read), TRAMA_VALUE_ADDRESS));
  select_call (fixture, "read");
  text = get_text (fixture);
  assert_has (text, "read(2)");
  assert_has (text, "Socket afterwards");
}

/* The call on the page leads to its packets, and back. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaInspector *inspector = trama_window_get_inspector (fixture->window);
  guint connect = fixture_find_call (fixture, "connect");
  g_autoptr (GArray) packets = NULL;
  guint32 syn;

  if (skip_without_packets (fixture))
    return;
  select_call (fixture, "connect");
  packets = trama_call_packets (get_table (fixture), connect);
  g_assert_cmpuint (packets->len, >=, 2);
  g_assert_cmpuint (
      trama_link_list_n_links (trama_call_page_get_links (trama_inspector_get_call_page (inspector))), ==,
      packets->len);

  /* SYN leaves the caller's socket; the SYN ACK comes while connect() still runs, but from the other. */
  syn = g_array_index (packets, guint32, 0);
  g_assert_true (trama_call_sent (get_table (fixture), connect, syn));
  g_assert_false (trama_call_sent (get_table (fixture), connect, g_array_index (packets, guint32, 1)));

  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_PACKET, syn });
  g_assert_cmpuint (
      trama_link_list_n_links (trama_packet_page_get_links (trama_inspector_get_packet_page (inspector))), >=,
      1);
}

static void
test_packet (Fixture *fixture, gconstpointer data)
{
  TramaInspector *inspector = trama_window_get_inspector (fixture->window);
  TramaBytesPanel *panel = trama_packet_page_get_panel (trama_inspector_get_packet_page (inspector));
  g_autofree char *text = NULL;
  g_autofree char *field = NULL;

  if (skip_without_packets (fixture))
    return;
  trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ TRAMA_EVENT_PACKET, 0 });
  fixture_settle (fixture);
  text = get_text (fixture);
  assert_has (text, "SYN, seq 0");
  assert_has (text, " → 127.0.0.1:5000");
  assert_has (text, "  Destination port: 5000");

  /* Byte 23 of the frame is IPv4's protocol: fourteen of Ethernet, nine of IPv4. */
  g_signal_emit_by_name (trama_bytes_panel_get_hex (panel), "byte-selected", 23);
  field = trama_field_list_dup_selected (trama_bytes_panel_get_list (panel));
  g_assert_cmpstr (field, ==, "Protocol: 6 (TCP)");
  g_assert_cmpuint (trama_hex_view_get_mark_offset (trama_bytes_panel_get_hex (panel)), ==, 23);
  g_assert_cmpuint (trama_hex_view_get_mark_size (trama_bytes_panel_get_hex (panel)), ==, 1);
}

/* Every byte the hex view draws is found again where it is drawn. */
static void
test_hex_hit (Fixture *fixture, gconstpointer data)
{
  TramaInspector *inspector = trama_window_get_inspector (fixture->window);
  TramaHexView *hex;
  int width;
  int height;
  int found = -1;
  int x;
  int y;

  if (skip_without_packets (fixture))
    return;
  trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ TRAMA_EVENT_PACKET, 0 });
  fixture_settle (fixture);
  hex = trama_bytes_panel_get_hex (trama_packet_page_get_panel (trama_inspector_get_packet_page (inspector)));
  width = gtk_widget_get_width (GTK_WIDGET (hex));
  height = gtk_widget_get_height (GTK_WIDGET (hex));
  g_assert_cmpint (trama_hex_view_byte_at (hex, 0, 0), ==, -1);
  for (y = 0; y < height; y += 2)
    for (x = 0; x < width; x++)
      {
        int byte = trama_hex_view_byte_at (hex, x, y);

        g_assert_cmpint (byte, <=, found + 1 + 16);
        found = MAX (found, byte);
      }
  /* A SYN on lo: 14 of Ethernet, 20 of IPv4, 40 of TCP with its options. */
  g_assert_cmpint (found, ==, 73);
}

static void
test_sentences (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  guint listen = fixture_find_call (fixture, "listen");
  g_autofree char *sentence = trama_event_sentence (get_table (fixture),
                                                    (TramaRef){ TRAMA_EVENT_CALL, listen });

  g_assert_true (g_str_has_prefix (sentence, "server calls listen(3, 5) = 0, which takes "));
  select_call (fixture, "listen");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       sentence);
}

/* A packet that the file has behind a later one is said to be; its neighbours are not. */
static void
test_step_back (Fixture *fixture, gconstpointer data)
{
  static const guint8 three_us[] = { 0, 0, 0, 3 }; /* 3 µs, of the first of three packets */
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "step.pcap", NULL);
  int fd;
  guint i;

  capture_write (path, 3, 1);
  fd = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (pwrite (fd, three_us, sizeof three_us, CAPTURE_HEAD_BYTES + 4), ==, sizeof three_us);
  close (fd);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  for (i = 0; i < 3; i++)
    {
      g_autofree char *text = NULL;

      trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ TRAMA_EVENT_PACKET, i });
      fixture_settle (fixture);
      text = get_text (fixture);
      g_assert_true ((strstr (text, "▲ steps back 2 µs in the file") != NULL) == (i == 1));
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/inspector/nothing", test_nothing);
  fixture_add ("/inspector/step-back", test_step_back);
  fixture_add ("/inspector/connect", test_connect);
  fixture_add ("/inspector/socket", test_socket);
  fixture_add ("/inspector/read", test_read);
  fixture_add ("/inspector/links", test_links);
  fixture_add ("/inspector/packet", test_packet);
  fixture_add ("/inspector/hex-hit", test_hex_hit);
  fixture_add ("/inspector/sentences", test_sentences);
  return g_test_run ();
}
