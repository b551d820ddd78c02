# SPDX-License-Identifier: GPL-3.0-or-later
#
# What app/run and tests/run share; sourced by both, with $top set to the checkout.

debian_build="gcc libc6-dev meson ninja-build pkgconf gettext libgtk-4-dev libpcap-dev libpng-dev
  adwaita-icon-theme librsvg2-common fonts-inter fonts-jetbrains-mono shared-mime-info desktop-file-utils"
fedora_build="gcc meson ninja-build pkgconf-pkg-config gettext gtk4-devel libpcap-devel libpng-devel
  adwaita-icon-theme librsvg2 rsms-inter-fonts jetbrains-mono-fonts shared-mime-info desktop-file-utils"

say () { printf 'trama: %s\n' "$*" >&2; }
die () { say "$*"; exit 1; }

# The names among "$@" that are not installed.
missing_debian ()
{
  dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null \
    | awk -v want="$*" '$2 == "installed" { have[$1] }
        END { n = split (want, name, " "); for (i = 1; i <= n; i++) if (!(name[i] in have)) print name[i] }'
}

missing_fedora ()
{
  local name
  for name in "$@"; do
    rpm -q --whatprovides "$name" >/dev/null 2>&1 || echo "$name"
  done
}

# install_missing DEBIAN-NAMES FEDORA-NAMES: 0 when something was installed, 1 when nothing was
# missing. Stops the program when it may not install.
install_missing ()
{
  local missing command as_root=()
  if command -v apt-get >/dev/null; then
    mapfile -t missing < <(missing_debian $1)
    command=(apt-get install -y -q --no-install-recommends)
  elif command -v dnf >/dev/null; then
    mapfile -t missing < <(missing_fedora $2)
    command=(dnf install -y)
  else
    say "neither apt-get nor dnf is here; these must be installed (Debian's names): $(echo $1)"
    return 1
  fi
  [ ${#missing[@]} -gt 0 ] || return 1

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "packages are missing; run as root: ${command[*]} ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  [ "${command[0]}" = dnf ] || "${as_root[@]}" apt-get update -q >/dev/null || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${command[@]}" "${missing[@]}" >&2 \
    || die "not everything could be installed; try: ${as_root[*]} ${command[*]} ${missing[*]}"
}

# build_folder NAME: a folder of that name in the checkout, or in the cache of a user who may not
# write there.
build_folder ()
{
  local folder=$top/$1
  if ! { mkdir -p "$folder" && [ -w "$folder" ]; } 2>/dev/null; then
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/trama/$1
    mkdir -p "$folder"
  fi
  echo "$folder"
}

# build_quietly FOLDER TARGETS OPTION…: configures if that was never done for this checkout, and
# builds the targets. The log is shown only when that fails.
build_quietly ()
{
  local folder=$1 log=$1/trama-build.log targets=$2
  shift 2
  if ! grep -qsF "\"source\": \"$top\"" "$folder/meson-info/meson-info.json" \
      || ! [ -e "$folder/build.ninja" ]; then
    say "building in $folder"
    find "$folder" -mindepth 1 -delete
    meson setup "$folder" "$top" "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  fi
  ninja -C "$folder" $targets >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}
