/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/nearest.h"
#include "tests/core/session/render.h"

#include <string.h>

static TramaSession *
parse (const char *text, GError **error)
{
  return trama_session_parse ("test.session", text, strlen (text), error);
}

static void
assert_renders (const char *file, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse (file, text, strlen (text), &error);
  g_autofree char *rendered = NULL;

  g_assert_no_error (error);
  rendered = render_session (session);
  g_assert_cmpstr (rendered, ==, expected);
  g_assert_cmpstr (trama_session_get_text (session), ==, text);
}

static void
test_telephone (void)
{
  g_autofree char *text = load_shipped ("telephone.session");

  assert_renders ("/some/where/telephone.session", text,
                  "telephone, order 1, domain 2, type 1: A telephone call\n"
                  "server\n"
                  " 10  listener = socket (2, 1, 0)\n"
                  " 11  bind (listener, 127.0.0.1:5000, 16)\n"
                  " 12  listen (listener, 5)\n"
                  " 13  signal ready\n"
                  " 14  call = accept (listener, -, -)\n"
                  " 15  read (call, -, 64)\n"
                  " 16  write (call, \"Speaking!\\n\", 10)\n"
                  " 17  close (call)\n"
                  " 18  close (listener)\n"
                  "client\n"
                  " 21  wait ready\n"
                  " 22  phone = socket (2, 1, 0)\n"
                  " 23  connect (phone, 127.0.0.1:5000, 16)\n"
                  " 24  write (phone, \"Hello?\\n\", 7)\n"
                  " 25  read (phone, -, 64)\n"
                  " 26  close (phone)\n");
}

static void
test_letter (void)
{
  g_autofree char *text = load_shipped ("letter.session");

  assert_renders ("letter.session", text,
                  "letter, order 2, domain 2, type 2: A letter by post\n"
                  "friend\n"
                  " 10  letterbox = socket (2, 2, 0)\n"
                  " 11  bind (letterbox, 127.0.0.1:5001, 16)\n"
                  " 12  signal ready\n"
                  " 13  recvfrom (letterbox, -, 64, 0, -, -)\n"
                  " 14  sendto (letterbox, \"All well here.\\n\", 15, 0, sender(letterbox), -)\n"
                  " 15  close (letterbox)\n"
                  "writer\n"
                  " 18  wait ready\n"
                  " 19  pen = socket (2, 2, 0)\n"
                  " 20  sendto (pen, \"How are you?\\n\", 13, 0, 127.0.0.1:5001, 16)\n"
                  " 21  recvfrom (pen, -, 64, 0, -, -)\n"
                  " 22  close (pen)\n");
}

/* Blanks, comments, a byte order mark, CR LF, no line feed at the end: the same session. */
static void
test_layout (void)
{
  assert_renders ("x",
                  "\xef\xbb\xbf# first\r\n"
                  "session\t\"T\" # with \"quotes\"\r\n"
                  "\r\n"
                  "   a :\r\n"
                  "s=socket( AF_INET ,SOCK_DGRAM,IPPROTO_UDP )#x\r\n"
                  "\t  close (s)",
                  "x, order 4294967295, domain 2, type 2: T\n"
                  "a\n"
                  "  5  s = socket (2, 2, 17)\n"
                  "  6  close (s)\n");
}

/* MSG_DONTWAIT 0x40, MSG_PEEK 0x02, MSG_TRUNC 0x20; SOMAXCONN 4096. */
static void
test_arguments (void)
{
  assert_renders ("x",
                  "session \"T\"\n"
                  "a:\n"
                  "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                  "n = recvfrom(s, 0x10, MSG_PEEK | MSG_TRUNC)\n"
                  "sendto(s, \"\", MSG_DONTWAIT, 0.0.0.0:0)\n"
                  "sendto(s, \"\\x00\\xfF\\0\\\\\\\"\\t\\r\", 127.255.255.255:65535)\n"
                  "listen(s, SOMAXCONN)\n"
                  "read(s, 65536)\n"
                  "s = accept(s)\n"
                  "n = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)\n"
                  "close(n)\n",
                  "x, order 4294967295, domain 2, type 2: T\n"
                  "a\n"
                  "  3  s = socket (2, 2, 0)\n"
                  "  4  n = recvfrom (s, -, 16, 34, -, -)\n"
                  "  5  sendto (s, \"\", 0, 64, 0.0.0.0:0, 16)\n"
                  "  6  sendto (s, \"\\0\\xff\\0\\\\\\\"\\t\\r\", 7, 0, 127.255.255.255:65535, 16)\n"
                  "  7  listen (s, 4096)\n"
                  "  8  read (s, -, 65536)\n"
                  "  9  s = accept (s, -, -)\n"
                  " 10  n = socket (2, 1, 6)\n"
                  " 11  close (n)\n");
}

/* Signals count: each actor waits for the first, then for the second. */
static void
test_meetings (void)
{
  assert_renders ("x",
                  "session \"T\"\n"
                  "a:\nwait x\nwait x\nsignal y\n"
                  "b:\nsignal x\nwait y\n"
                  "c:\nwait x\nsignal x\nwait x\n",
                  "x, order 4294967295, domain 0, type 0: T\n"
                  "a\n"
                  "  3  wait x\n"
                  "  4  wait x\n"
                  "  5  signal y\n"
                  "b\n"
                  "  7  signal x\n"
                  "  8  wait y\n"
                  "c\n"
                  " 10  wait x\n"
                  " 11  signal x\n"
                  " 12  wait x\n");
}

static void
test_languages (void)
{
  static const char text[] =
      "session \"Title\"\ntitle[es] \"Título\"\nabout[es] \"Acerca\"\nabout \"About\"\n"
      "a:\nwait x\nb:\nsignal x\n";
  g_autoptr (TramaSession) session = parse (text, NULL);

  g_assert_nonnull (session);
  g_setenv ("LANGUAGE", "es_ES.UTF-8", TRUE);
  g_assert_cmpstr (trama_session_get_title (session), ==, "Título");
  g_assert_cmpstr (trama_session_get_about (session), ==, "Acerca");
  g_setenv ("LANGUAGE", "en_GB:es", TRUE);
  g_assert_cmpstr (trama_session_get_title (session), ==, "Title");
  g_setenv ("LANGUAGE", "fr:es", TRUE);
  g_assert_cmpstr (trama_session_get_title (session), ==, "Título");
  g_setenv ("LANGUAGE", "fr", TRUE);
  g_assert_cmpstr (trama_session_get_about (session), ==, "About");
  g_setenv ("LANGUAGE", "C", TRUE);
  g_assert_cmpuint (trama_session_n_signals (session), ==, 1);
  g_assert_cmpint (trama_session_get_domain (session), ==, 0);
}

/* What is without a language is in English. */
static void
test_captions (void)
{
  static const char text[] = "session \"T\"\na:\nsay \"Hello\"\nsay[es] \"Hola\"\nsay[de] \"Hallo\"\n";
  static const char *const cases[][2] = { { "es_MX.UTF-8", "Hola" },
                                          { "fr:de", "Hallo" },
                                          { "en_GB:es", "Hello" },
                                          { "fr", "Hello" },
                                          { "C", "Hello" } };
  g_autoptr (TramaSession) session = parse (text, NULL);
  const TramaStep *step;

  g_assert_nonnull (session);
  step = &trama_session_get_actor (session, 0)->steps[0];
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_setenv ("LANGUAGE", cases[i][0], TRUE);
      g_assert_cmpstr (trama_session_choose_text (step->texts, step->n_texts), ==, cases[i][1]);
    }
  g_assert_null (trama_session_choose_text (NULL, 0));
}

/* Whoever refers to a session last frees it; the sanitizers watch. */
static void
test_references (void)
{
  TramaSession *session = parse ("session \"T\"\na:\nsignal x\n", NULL);

  g_assert_nonnull (session);
  g_assert_true (trama_session_ref (session) == session);
  trama_session_unref (session);
  g_assert_cmpstr (trama_session_get_title (session), ==, "T");
  g_assert_null (trama_session_get_about (session));
  trama_session_unref (session);
}

#define BEGIN "session \"T\"\na:\ns = socket(AF_INET, SOCK_STREAM, 0)\n"

/* With the line and the caret under the place. */
static const Complaint complaints[] = {
  /* The beginning. */
  { "", "1:1: a session begins with its title, as in: session \"A telephone call\"\n\n^" },
  { "# nothing\n", "2:1: a session begins with its title, as in: session \"A telephone call\"\n\n^" },
  { "a:\n", "1:1: a session begins with its title, as in: session \"A telephone call\"\na:\n^" },
  { "session \"T\"\n", "2:1: nobody is here yet; an actor is expected, as in: client:\n\n^" },
  { "session T", "1:9: expected text in quotes, as in: session \"A telephone call\"\nsession T\n        ^" },
  { "session \"T\"\nsession \"U\"", "2:1: a file holds one session; it has begun already\nsession \"U\"\n^" },
  { "session \"\"", "1:9: this text is empty\nsession \"\"\n        ^" },
  { "session \"\\x07\"",
    "1:9: this text is for people; it holds what cannot be printed\nsession \"\\x07\"\n        ^" },
  { "session \"\\xff\"",
    "1:9: this text is for people; it holds what cannot be printed\nsession \"\\xff\"\n        ^" },
  { "session \"T\"\ntitle \"U\"", "2:7: expected \"[\" here\ntitle \"U\"\n      ^" },
  { "session \"T\"\ntitle[es \"U\"", "2:10: expected \"]\" here\ntitle[es \"U\"\n         ^" },
  { "session \"T\"\ntitle[\"es\"] \"U\"",
    "2:7: expected a name, as in: title[es] \"Una llamada\"\ntitle[\"es\"] \"U\"\n      ^" },
  { "session \"T\"\nabout \"U\"\nabout \"V\"",
    "3:1: this is said twice in the same language\nabout \"V\"\n^" },
  { "session \"T\"\norder x", "2:7: expected a number, as in: order 1\norder x\n      ^" },
  { "session \"T\"\norder 10000", "2:7: the order is a number from 0 to 9999\norder 10000\n      ^" },
  { "session \"T\"\norder 1\norder 1", "3:1: the order is given twice\norder 1\n^" },
  { "session \"T\"\nclose(s)", "2:1: who does this? An actor comes first, as in: client:\nclose(s)\n^" },
  { "session \"T\"\nsignal x", "2:1: who does this? An actor comes first, as in: client:\nsignal x\n^" },

  /* Lines and names. */
  { BEGIN "order 2", "4:1: \"order\" stands before the first actor\norder 2\n^" },
  { BEGIN "sgnal ready", "4:1: unknown statement \"sgnal\"; did you mean \"signal\"?\nsgnal ready\n^" },
  { BEGIN "frobnicate ready", "4:1: unknown statement \"frobnicate\"\nfrobnicate ready\n^" },
  { BEGIN "signal", "4:7: expected a name, as in: signal ready\nsignal\n      ^" },
  { BEGIN "signal(ready)", "4:7: no parenthesis here; it is written: signal ready\nsignal(ready)\n      ^" },
  { BEGIN "signal ready now", "4:14: expected the end of the line here\nsignal ready now\n             ^" },
  { BEGIN "close(s);",
    "4:9: this character has no place here; names are made of a to z, digits and _\nclose(s);\n        ^" },
  { BEGIN "close s", "4:7: expected \"(\" here\nclose s\n      ^" },
  { BEGIN "127.0.0.1:5",
    "4:1: a line begins with a name: of a statement, a call, a variable or an actor\n127.0.0.1:5\n^" },
  { BEGIN "teléfono = accept(s)",
    "4:4: this character has no place here; names are made of a to z, digits and _\n"
    "teléfono = accept(s)\n   ^" },
  { BEGIN "x = 3", "4:5: expected a name, as in: phone = socket(AF_INET, SOCK_STREAM, 0)\nx = 3\n    ^" },
  { BEGIN "bind = accept(s)",
    "4:1: \"bind\" is a word of the language; choose another name\nbind = accept(s)\n^" },
  { BEGIN "wait:", "4:1: \"wait\" is a word of the language; choose another name\nwait:\n^" },
  { BEGIN "AF_INET:", "4:1: \"AF_INET\" is a word of the language; choose another name\nAF_INET:\n^" },
  { BEGIN "a:", "4:1: there is an actor \"a\" already\na:\n^" },
  { BEGIN "b:\nc:\n", "4:1: \"b\" does nothing; an actor has at least one step\nb:\n^" },
  { BEGIN "b:", "4:1: \"b\" does nothing; an actor has at least one step\nb:\n^" },
  { BEGIN "b: close(s)", "4:4: expected the end of the line here\nb: close(s)\n   ^" },

  /* Calls and their arguments. */
  { BEGIN "\tconect(s, 127.0.0.1:1)",
    "4:2: unknown call \"conect\"; did you mean \"connect\"?\n\tconect(s, 127.0.0.1:1)\n\t^" },
  { BEGIN "t = Socket(AF_INET, SOCK_STREAM, 0)",
    "4:5: unknown call \"Socket\"; did you mean \"socket\"?\nt = Socket(AF_INET, SOCK_STREAM, 0)\n    ^" },
  { BEGIN "frobnicate()", "4:1: unknown call \"frobnicate\"\nfrobnicate()\n^" },
  { BEGIN "bind(s)", "4:1: bind takes a socket and an address\nbind(s)\n^" },
  { BEGIN "bind(s, 127.0.0.1:5, 16)",
    "4:1: bind takes a socket and an address\nbind(s, 127.0.0.1:5, 16)\n^" },
  { BEGIN "close()", "4:1: close takes a socket\nclose()\n^" },
  { BEGIN "recvfrom(s)", "4:1: recvfrom takes a socket, a size and optional flags\nrecvfrom(s)\n^" },
  { BEGIN "sendto(s, \"x\")",
    "4:1: sendto takes a socket, text in quotes, optional flags and an address\nsendto(s, \"x\")\n^" },
  { BEGIN "bind(127.0.0.1:5, s)",
    "4:6: expected a socket here: bind takes a socket and an address\nbind(127.0.0.1:5, s)\n     ^" },
  { BEGIN "bind(s, s)",
    "4:9: expected an address here: bind takes a socket and an address\nbind(s, s)\n        ^" },
  { BEGIN "write(s, 7)",
    "4:10: expected text in quotes here: write takes a socket and text in quotes\nwrite(s, 7)\n         ^" },
  { BEGIN "read(s, \"x\")",
    "4:9: expected a size here: read takes a socket and a size\nread(s, \"x\")\n        ^" },
  { BEGIN "read(s, s)", "4:9: expected a size here: read takes a socket and a size\nread(s, s)\n        ^" },
  { BEGIN "close(close)", "4:7: expected a socket here: close takes a socket\nclose(close)\n      ^" },
  { BEGIN "close(s", "4:8: expected \")\" here\nclose(s\n       ^" },
  { BEGIN "read(s 64)", "4:1: read takes a socket and a size\nread(s 64)\n^" },
  { BEGIN "read(s 64, 3)", "4:8: expected \",\" here\nread(s 64, 3)\n       ^" },
  { BEGIN "socket(AF_INTE, SOCK_STREAM, 0)", "4:8: unknown constant \"AF_INTE\"; did you mean "
                                             "\"AF_INET\"?\nsocket(AF_INTE, SOCK_STREAM, 0)\n       ^" },
  { BEGIN "socket(2, SOCK_STREAM, 0)",
    "4:8: expected a domain here: socket takes a domain, a type and a protocol\n"
    "socket(2, SOCK_STREAM, 0)\n       ^" },
  { BEGIN "socket(SOCK_STREAM, AF_INET, 0)",
    "4:8: expected a domain here: socket takes a domain, a type and a protocol\n"
    "socket(SOCK_STREAM, AF_INET, 0)\n       ^" },
  { BEGIN "socket(AF_INET, SOCK_STREAM | SOCK_DGRAM, 0)",
    "4:31: a socket has one type; SOCK_NONBLOCK and SOCK_CLOEXEC may join it\n"
    "socket(AF_INET, SOCK_STREAM | SOCK_DGRAM, 0)\n                              ^" },
  { BEGIN "recvfrom(s, 1, MSG_PEEK |)",
    "4:26: expected optional flags here: recvfrom takes a socket, a size and optional flags\n"
    "recvfrom(s, 1, MSG_PEEK |)\n                         ^" },

  /* Numbers. */
  { BEGIN "read(s, 1048577)",
    "4:9: 1048577 is out of range: a size goes from 0 to 1048576\nread(s, 1048577)\n        ^" },
  { BEGIN "read(s, 99999999999999999999)",
    "4:9: 99999999999999999999 is out of range: a size goes from 0 to 1048576\n"
    "read(s, 99999999999999999999)\n        ^" },
  { BEGIN "read(s, 64k)", "4:9: \"64k\" is not a number\nread(s, 64k)\n        ^" },
  { BEGIN "read(s, 0x)", "4:9: \"0x\" is not a number\nread(s, 0x)\n        ^" },
  { BEGIN "read(s, 010)", "4:9: a number begins with 0 only as 0x\nread(s, 010)\n        ^" },
  { BEGIN "listen(s, 65536)",
    "4:11: 65536 is out of range: a backlog goes from -1 to 65535\nlisten(s, 65536)\n          ^" },

  /* Addresses. */
  { BEGIN "connect(s, 127.0.0.1:65536)",
    "4:22: 65536 is not a port: ports go from 0 to 65535\nconnect(s, 127.0.0.1:65536)\n"
    "                     ^" },
  { BEGIN "connect(s, 127.0.0.1:http)",
    "4:22: http is not a port: ports go from 0 to 65535\nconnect(s, 127.0.0.1:http)\n"
    "                     ^" },
  { BEGIN "connect(s, 127.0.0.1)",
    "4:12: an address has a port, as in: 127.0.0.1:5000\nconnect(s, 127.0.0.1)\n           ^" },
  { BEGIN "connect(s, 127.0.0.256:1)",
    "4:12: \"127.0.0.256\" is not an IPv4 address\nconnect(s, 127.0.0.256:1)\n           ^" },
  { BEGIN "connect(s, 10.0.0.1:80)",
    "4:12: sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0\n"
    "connect(s, 10.0.0.1:80)\n           ^" },
  { BEGIN "connect(s, 0.0.0.1:80)",
    "4:12: sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0\n"
    "connect(s, 0.0.0.1:80)\n           ^" },
  { BEGIN "connect(s, localhost:80)",
    "4:12: expected an address here: connect takes a socket and an address\n"
    "connect(s, localhost:80)\n           ^" },
  { BEGIN "connect(s, sendr(s))",
    "4:12: unknown name \"sendr\"; did you mean \"sender\"?\nconnect(s, sendr(s))\n           ^" },
  { BEGIN "connect(s, sender)",
    "4:18: expected \"(\" here, as in: sender(letterbox)\nconnect(s, sender)\n                 ^" },
  { BEGIN "sendto(s, \"x\", sender(s))",
    "4:23: nothing was received on \"s\" yet; recvfrom tells the sender\nsendto(s, \"x\", sender(s))\n"
    "                      ^" },

  /* Variables. */
  { BEGIN "phone = accept(s)\nclose(phne)",
    "5:7: unknown variable \"phne\"; did you mean \"phone\"?\nclose(phne)\n      ^" },
  { BEGIN "close(zebra)", "4:7: unknown variable \"zebra\"\nclose(zebra)\n      ^" },
  { BEGIN "close(t)\nt = accept(s)", "4:7: \"t\" is used before it is set\nclose(t)\n      ^" },
  { BEGIN "t = accept(t)", "4:12: unknown variable \"t\"; did you mean \"s\"?\nt = accept(t)\n           ^" },
  { BEGIN "b:\nclose(s)\n", "5:7: \"s\" is a variable of \"a\"; every actor has its own\nclose(s)\n      ^" },
  { BEGIN "close(t)\nb:\nt = accept(t)",
    "4:7: unknown variable \"t\"; did you mean \"s\"?\nclose(t)\n      ^" },
  { BEGIN "n = read(s, 1)\nclose(n)",
    "5:7: \"n\" is not a socket; it is what read returned\nclose(n)\n      ^" },
  { BEGIN "recvfrom(s, 1)\ns = accept(s)\nsendto(s, \"\", sender(s))",
    "6:22: nothing was received on \"s\" yet; recvfrom tells the sender\nsendto(s, \"\", sender(s))\n"
    "                     ^" },

  /* Signals. */
  { BEGIN "wait redy\nb:\nsignal ready\n",
    "4:6: nobody signals \"redy\"; did you mean \"ready\"?\nwait redy\n     ^" },
  { BEGIN "wait ready\n", "4:6: nobody signals \"ready\"\nwait ready\n     ^" },
  { BEGIN "wait ready\nsignal ready\n",
    "4:6: this wait would never end: \"ready\" is signalled only after it\nwait ready\n     ^" },
  { BEGIN "signal x\nwait y\nsignal z\nb:\nwait x\nwait z\nsignal y\n",
    "5:6: this wait would never end: \"y\" is signalled only after it\nwait y\n     ^" },
  { BEGIN "signal x\nwait x\nwait x\n",
    "6:6: this wait would never end: \"x\" is not signalled so often\nwait x\n     ^" },

  /* Text and bytes. */
  { BEGIN "write(s, \"Hello?",
    "4:10: this text has no closing quote; it ends on the line where it begins\nwrite(s, \"Hello?\n"
    "         ^" },
  { BEGIN "write(s, \"Hello?\\\")\n",
    "4:10: this text has no closing quote; it ends on the line where it begins\nwrite(s, \"Hello?\\\")\n"
    "         ^" },
  { BEGIN "write(s, \"a\\q\")",
    "4:12: unknown escape; known are \\n \\t \\r \\0 \\\\ \\\" and \\xNN\nwrite(s, \"a\\q\")\n           ^" },
  { BEGIN "write(s, \"\\x4\")",
    "4:11: \\x is followed by two hexadecimal digits, as in \\x0a\nwrite(s, \"\\x4\")\n          ^" },
  { BEGIN "write(s, \"\\012\")",
    "4:11: there are no octal escapes; write \\x00 before a digit\nwrite(s, \"\\012\")\n          ^" },
  { BEGIN "# \xff", "4:3: a session is UTF-8; this byte (0xFF) is not\n# \xef\xbf\xbd\n  ^" },
  { BEGIN "# \xc3", "4:3: a session is UTF-8; this byte (0xC3) is not\n# \xef\xbf\xbd\n  ^" },
  { BEGIN "write(s, \"\x1b[31m\")",
    "4:11: this character (U+001B) cannot be seen; in quotes, write it as an escape\n"
    "write(s, \"\xef\xbf\xbd[31m\")\n          ^" },
  { BEGIN "a\rb", "4:2: this character (U+000D) cannot be seen; in quotes, write it as an escape\n"
                  "a\xef\xbf\xbd"
                  "b\n ^" },
  { BEGIN "# \xe2\x80\xae",
    "4:3: this character (U+202E) cannot be seen; in quotes, write it as an escape\n# \xef\xbf\xbd\n  ^" },

  /* The caret stands under the place: wide characters take two columns, combining ones none. */
  { BEGIN "write(s, \"電話\") x",
    "4:16: expected the end of the line here\nwrite(s, \"電話\") x\n                 ^" },
  { BEGIN "write(s, \"e\xcc\x81\") x",
    "4:16: expected the end of the line here\nwrite(s, \"e\xcc\x81\") x\n              ^" },
  { BEGIN "\tclose\t(s)\tx", "4:12: expected the end of the line here\n\tclose\t(s)\tx\n\t     \t   \t^" },
};

static void
test_complaints (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (complaints); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TramaSession) session = parse (complaints[i].text, &error);
      g_autofree char *expected = g_strconcat ("test.session:", complaints[i].message, NULL);

      g_assert_null (session);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, expected);
      g_assert_true (error->domain == TRAMA_SESSION_ERROR);
    }
}

static void
test_nul_byte (void)
{
  static const char text[] = "session \"T\0\"\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (trama_session_parse ("nul.session", text, sizeof text - 1, &error));
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==,
                   "nul.session:1:11: a session is text; this is a NUL byte\nsession \"T\xef\xbf\xbd\"\n"
                   "          ^");
}

/* What a window needs to mark the place itself. */
static void
test_problem (void)
{
  static const char text[] = "session \"T\"\na:\nwrite(s, \"電話\") x\n";
  g_autofree char *long_text = g_strnfill (TRAMA_SESSION_MAX_BYTES + 1, '#');
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  g_autoptr (GError) too_long = NULL;
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "no");
  TramaSessionProblem problem;

  g_assert_null (parse (text, &error));
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_true (trama_session_error_get_problem (copy, &problem));
  g_assert_cmpuint (problem.line, ==, 3);
  g_assert_cmpuint (problem.column, ==, 7);
  g_assert_cmpstr (problem.message, ==, "unknown variable \"s\"");

  g_assert_null (parse (long_text, &too_long));
  g_assert_true (trama_session_error_get_problem (too_long, &problem));
  g_assert_cmpuint (problem.line, ==, 0);
  g_assert_cmpstr (problem.message, ==, too_long->message);
  g_assert_false (trama_session_error_get_problem (foreign, &problem));
}

static void
test_fill (void)
{
  guint8 bytes[30];

  memset (bytes, '!', sizeof bytes);
  trama_session_fill (bytes, 29);
  g_assert_cmpmem (bytes, 30, "abcdefghijklmnopqrstuvwxyzabc!", 30);
  trama_session_fill (NULL, 0);
}

static void
test_nearest (void)
{
  static const struct
  {
    const char *written;
    const char *name;
    gboolean near;
  } cases[] = { { "conect", "connect", TRUE },  { "CONNECT", "connect", TRUE },
                { "cnonect", "connect", TRUE }, { "connect", "connect", TRUE },
                { "send", "sendto", TRUE },     { "AF_INTE", "AF_INET", TRUE },
                { "frob", "read", FALSE },      { "x", "read", FALSE },
                { "", "read", FALSE },          { "disconnect", "close", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TramaNearest nearest;

      trama_nearest_init (&nearest, cases[i].written);
      trama_nearest_offer (&nearest, cases[i].name);
      g_assert_cmpstr (nearest.best, ==, cases[i].near ? cases[i].name : NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/parse/telephone", test_telephone);
  g_test_add_func ("/session/parse/letter", test_letter);
  g_test_add_func ("/session/parse/layout", test_layout);
  g_test_add_func ("/session/parse/arguments", test_arguments);
  g_test_add_func ("/session/parse/meetings", test_meetings);
  g_test_add_func ("/session/parse/languages", test_languages);
  g_test_add_func ("/session/parse/captions", test_captions);
  g_test_add_func ("/session/parse/references", test_references);
  g_test_add_func ("/session/parse/complaints", test_complaints);
  g_test_add_func ("/session/parse/nul-byte", test_nul_byte);
  g_test_add_func ("/session/parse/problem", test_problem);
  g_test_add_func ("/session/parse/fill", test_fill);
  g_test_add_func ("/session/parse/nearest", test_nearest);
  return g_test_run ();
}
