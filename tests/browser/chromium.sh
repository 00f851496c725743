#!/bin/sh
# A Chromium to test with, the PDF tools and LibreOffice: the ones found, else Debian's. Needs root for the latter.
set -eu
missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="chromium"
command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
command -v soffice >/dev/null || missing="$missing libreoffice-impress-nogui"
[ -z "$missing" ] && exit 0
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get -o DPkg::Lock::Timeout=500 update -q
# shellcheck disable=SC2086
$sudo apt-get -o DPkg::Lock::Timeout=500 install -y -q --no-install-recommends $missing
