/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/theme.h"

#define HEX(rgb)                                                                                             \
  {                                                                                                          \
    ((rgb) >> 16 & 255) / 255.0, ((rgb) >> 8 & 255) / 255.0, ((rgb) &255) / 255.0, 1.0                       \
  }

#define HEX_ALPHA(rgb, alpha)                                                                                \
  {                                                                                                          \
    ((rgb) >> 16 & 255) / 255.0, ((rgb) >> 8 & 255) / 255.0, ((rgb) &255) / 255.0, (alpha)                   \
  }

/*
 * The segment colours were searched for: at least 3:1 on the wire, and CIEDE2000 of 12 or more between any
 * two under normal sight, protanopia, deuteranopia and tritanopia. Changing one means searching again.
 */
static const TramaTheme light = {
  .dark = FALSE,
  .wire = HEX (0xF6F4EF),
  .column = HEX (0xFFFFFF),
  .column_border = HEX (0xD9D5CB),
  .ink = HEX (0x16202A),
  .ink2 = HEX (0x55606B),
  .ink3 = HEX (0x66707A),
  .grid = HEX_ALPHA (0x16202A, 0.07),
  .chip = HEX (0xFFFFFF),
  .card = HEX (0xFFFFFF),
  .paper = HEX (0xFFF3C4),
  .bar = HEX (0x34414F),
  .wait = HEX (0x8B959F),
  .selection = HEX_ALPHA (0xFFC400, 0.40),
  .segment = {
    [TRAMA_SEGMENT_SYN] = HEX (0x2F66CC),
    [TRAMA_SEGMENT_DATA] = HEX (0x046A55),
    [TRAMA_SEGMENT_ACK] = HEX (0x808489),
    [TRAMA_SEGMENT_FIN] = HEX (0x76107A),
    [TRAMA_SEGMENT_RST] = HEX (0xB23616),
    [TRAMA_SEGMENT_UDP] = HEX (0xCC7700),
    [TRAMA_SEGMENT_ICMP] = HEX (0x1896B8),
    [TRAMA_SEGMENT_OTHER] = HEX (0x808489),
  },
  .phase = {
    [TRAMA_PHASE_NONE] = HEX (0x66707A),
    [TRAMA_PHASE_SETUP] = HEX (0x2F66CC),
    [TRAMA_PHASE_DATA] = HEX (0x046A55),
    [TRAMA_PHASE_TEARDOWN] = HEX (0x76107A),
  },
  .severity = {
    [TRAMA_SEVERITY_FACT] = HEX (0x5B6B7A),
    [TRAMA_SEVERITY_NOTICE] = HEX (0x8A5A00),
    [TRAMA_SEVERITY_PROBLEM] = HEX (0x9B0B3A),
  },
  .sign = HEX (0xFFFFFF),
};

static const TramaTheme print = {
  .dark = FALSE,
  .wire = HEX (0xFFFFFF),
  .column = HEX (0xFFFFFF),
  .column_border = HEX (0x8E969E),
  .ink = HEX (0x000000),
  .ink2 = HEX (0x3A4148),
  .ink3 = HEX (0x50575E),
  .grid = HEX_ALPHA (0x000000, 0.10),
  .chip = HEX (0xFFFFFF),
  .card = HEX (0xFFFFFF),
  .paper = HEX (0xFFFBEA),
  .bar = HEX (0x1E252C),
  .wait = HEX (0x8B939B),
  .selection = HEX_ALPHA (0xFFC400, 0.40),
  .segment = {
    [TRAMA_SEGMENT_SYN] = HEX (0x2F66CC),
    [TRAMA_SEGMENT_DATA] = HEX (0x046A55),
    [TRAMA_SEGMENT_ACK] = HEX (0x7C8085),
    [TRAMA_SEGMENT_FIN] = HEX (0x76107A),
    [TRAMA_SEGMENT_RST] = HEX (0xB23616),
    [TRAMA_SEGMENT_UDP] = HEX (0xCC7700),
    [TRAMA_SEGMENT_ICMP] = HEX (0x1896B8),
    [TRAMA_SEGMENT_OTHER] = HEX (0x7C8085),
  },
  .phase = {
    [TRAMA_PHASE_NONE] = HEX (0x66707A),
    [TRAMA_PHASE_SETUP] = HEX (0x2F66CC),
    [TRAMA_PHASE_DATA] = HEX (0x046A55),
    [TRAMA_PHASE_TEARDOWN] = HEX (0x76107A),
  },
  .severity = {
    [TRAMA_SEVERITY_FACT] = HEX (0x3A4148),
    [TRAMA_SEVERITY_NOTICE] = HEX (0x6B4500),
    [TRAMA_SEVERITY_PROBLEM] = HEX (0x7A0030),
  },
  .sign = HEX (0xFFFFFF),
};

static const TramaTheme dark = {
  .dark = TRUE,
  .wire = HEX (0x0F1317),
  .column = HEX (0x191F26),
  .column_border = HEX (0x2C353F),
  .ink = HEX (0xF2F5F7),
  .ink2 = HEX (0xB3BDC7),
  .ink3 = HEX (0x8B96A1),
  .grid = HEX_ALPHA (0xFFFFFF, 0.055),
  .chip = HEX (0x1B222A),
  .card = HEX (0x202831),
  .paper = HEX (0x3B341D),
  .bar = HEX (0xD5DDE5),
  .wait = HEX (0x66737F),
  .selection = HEX_ALPHA (0xFFD54A, 0.30),
  .segment = {
    [TRAMA_SEGMENT_SYN] = HEX (0xA9B6FF),
    [TRAMA_SEGMENT_DATA] = HEX (0x4FD1A0),
    [TRAMA_SEGMENT_ACK] = HEX (0x8F949C),
    [TRAMA_SEGMENT_FIN] = HEX (0xB86CE6),
    [TRAMA_SEGMENT_RST] = HEX (0xF4604F),
    [TRAMA_SEGMENT_UDP] = HEX (0xFBB929),
    [TRAMA_SEGMENT_ICMP] = HEX (0xC0F4FC),
    [TRAMA_SEGMENT_OTHER] = HEX (0x8F949C),
  },
  .phase = {
    [TRAMA_PHASE_NONE] = HEX (0x8B96A1),
    [TRAMA_PHASE_SETUP] = HEX (0xA9B6FF),
    [TRAMA_PHASE_DATA] = HEX (0x4FD1A0),
    [TRAMA_PHASE_TEARDOWN] = HEX (0xB86CE6),
  },
  .severity = {
    [TRAMA_SEVERITY_FACT] = HEX (0xA3B4C4),
    [TRAMA_SEVERITY_NOTICE] = HEX (0xF0C674),
    [TRAMA_SEVERITY_PROBLEM] = HEX (0xFF8FA8),
  },
  .sign = HEX (0x0F1317),
};

/* The segments keep the colours that were searched for; what is faint elsewhere stands out. */
static const TramaTheme contrast = {
  .dark = FALSE,
  .wire = HEX (0xFFFFFF),
  .column = HEX (0xFFFFFF),
  .column_border = HEX (0x000000),
  .ink = HEX (0x000000),
  .ink2 = HEX (0x262C32),
  .ink3 = HEX (0x3A4148),
  .grid = HEX_ALPHA (0x000000, 0.22),
  .chip = HEX (0xFFFFFF),
  .card = HEX (0xFFFFFF),
  .paper = HEX (0xFFF8D6),
  .bar = HEX (0x000000),
  .wait = HEX (0x7C858E),
  .selection = HEX_ALPHA (0xFFB300, 0.60),
  .segment = {
    [TRAMA_SEGMENT_SYN] = HEX (0x2F66CC),
    [TRAMA_SEGMENT_DATA] = HEX (0x046A55),
    [TRAMA_SEGMENT_ACK] = HEX (0x7C8085),
    [TRAMA_SEGMENT_FIN] = HEX (0x76107A),
    [TRAMA_SEGMENT_RST] = HEX (0xB23616),
    [TRAMA_SEGMENT_UDP] = HEX (0xCC7700),
    [TRAMA_SEGMENT_ICMP] = HEX (0x1896B8),
    [TRAMA_SEGMENT_OTHER] = HEX (0x7C8085),
  },
  .phase = {
    [TRAMA_PHASE_NONE] = HEX (0x66707A),
    [TRAMA_PHASE_SETUP] = HEX (0x2F66CC),
    [TRAMA_PHASE_DATA] = HEX (0x046A55),
    [TRAMA_PHASE_TEARDOWN] = HEX (0x76107A),
  },
  .severity = {
    [TRAMA_SEVERITY_FACT] = HEX (0x3A4148),
    [TRAMA_SEVERITY_NOTICE] = HEX (0x6B4500),
    [TRAMA_SEVERITY_PROBLEM] = HEX (0x7A0030),
  },
  .sign = HEX (0xFFFFFF),
};

static const TramaTheme contrast_dark = {
  .dark = TRUE,
  .wire = HEX (0x000000),
  .column = HEX (0x000000),
  .column_border = HEX (0xFFFFFF),
  .ink = HEX (0xFFFFFF),
  .ink2 = HEX (0xE3E8EC),
  .ink3 = HEX (0xC6CED6),
  .grid = HEX_ALPHA (0xFFFFFF, 0.22),
  .chip = HEX (0x000000),
  .card = HEX (0x000000),
  .paper = HEX (0x2E2700),
  .bar = HEX (0xFFFFFF),
  .wait = HEX (0x7A8794),
  .selection = HEX_ALPHA (0xFFD54A, 0.50),
  .segment = {
    [TRAMA_SEGMENT_SYN] = HEX (0xA9B6FF),
    [TRAMA_SEGMENT_DATA] = HEX (0x4FD1A0),
    [TRAMA_SEGMENT_ACK] = HEX (0x8F949C),
    [TRAMA_SEGMENT_FIN] = HEX (0xB86CE6),
    [TRAMA_SEGMENT_RST] = HEX (0xF4604F),
    [TRAMA_SEGMENT_UDP] = HEX (0xFBB929),
    [TRAMA_SEGMENT_ICMP] = HEX (0xC0F4FC),
    [TRAMA_SEGMENT_OTHER] = HEX (0x8F949C),
  },
  .phase = {
    [TRAMA_PHASE_NONE] = HEX (0x8B96A1),
    [TRAMA_PHASE_SETUP] = HEX (0xA9B6FF),
    [TRAMA_PHASE_DATA] = HEX (0x4FD1A0),
    [TRAMA_PHASE_TEARDOWN] = HEX (0xB86CE6),
  },
  .severity = {
    [TRAMA_SEVERITY_FACT] = HEX (0xA3B4C4),
    [TRAMA_SEVERITY_NOTICE] = HEX (0xF0C674),
    [TRAMA_SEVERITY_PROBLEM] = HEX (0xFF8FA8),
  },
  .sign = HEX (0x000000),
};

const TramaTheme *
trama_theme_get (TramaThemeName name)
{
  static const TramaTheme *const themes[TRAMA_N_THEMES] = { &light, &dark, &print, &contrast,
                                                            &contrast_dark };

  return themes[MIN ((guint) name, TRAMA_N_THEMES - 1)];
}

TramaColor
trama_theme_get_actor (guint index)
{
  static const TramaColor tints[] = {
    HEX (0x274B8F), HEX (0x0B5A4A), HEX (0x7A5C00), HEX (0x7A2E5D),
    HEX (0x2F5D73), HEX (0x8A3B1E), HEX (0x4F3D8A), HEX (0x3D4A57),
  };

  return tints[index % G_N_ELEMENTS (tints)];
}

TramaColor
trama_theme_get_kernel (void)
{
  return (TramaColor) HEX (0x5A626B);
}

TramaColor
trama_color_mix (TramaColor a, TramaColor b, double t)
{
  return (TramaColor){
    a.red + (b.red - a.red) * t,
    a.green + (b.green - a.green) * t,
    a.blue + (b.blue - a.blue) * t,
    a.alpha + (b.alpha - a.alpha) * t,
  };
}

TramaColor
trama_color_with_alpha (TramaColor color, double alpha)
{
  color.alpha = alpha;
  return color;
}

void
trama_color_to_floats (TramaColor color, float rgba[4])
{
  rgba[0] = (float) color.red;
  rgba[1] = (float) color.green;
  rgba[2] = (float) color.blue;
  rgba[3] = (float) color.alpha;
}
