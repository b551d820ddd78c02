/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The words of a session's text that have a colour of their own. Works on one line
 * at a time, as nothing in the language goes over a line's end, and takes any
 * bytes: what is being typed is seldom right.
 */
typedef enum
{
  TRAMA_WORD_COMMENT,
  TRAMA_WORD_STRING,
  TRAMA_WORD_CALL,     /* connect, where a '(' follows */
  TRAMA_WORD_KEYWORD,  /* session, wait, repeat */
  TRAMA_WORD_CONSTANT, /* SOCK_STREAM, ECONNREFUSED */
  TRAMA_WORD_NUMBER,   /* 64, 20ms, 127.0.0.1:5000 */
  TRAMA_WORD_ACTOR,    /* "server:" at a line's beginning */
} TramaWordKind;

#define TRAMA_N_WORD_KINDS (TRAMA_WORD_ACTOR + 1)

typedef struct
{
  TramaWordKind kind;
  gsize start_bytes; /* in the line */
  gsize end_bytes;
} TramaWord;

/*
 * The next word of @line (ends in 0, without a newline) that begins at or after
 * @from_bytes. FALSE when there is none.
 */
gboolean trama_session_words_next (const char *line, gsize from_bytes, TramaWord *word);
