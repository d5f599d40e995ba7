# What script/setup, demo, test and bench share. Sourced by bash with the repository as working folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Debian 12 packages by purpose; `program:package` is not asked for where the program is there already.
packages_build=(cmake ninja-build gcc:gcc libc6-dev make:make pkg-config:pkg-config libuv1-dev libwebsockets-dev
    libwebsockets-evlib-uv libjansson-dev libzstd-dev zlib1g-dev libdeflate-dev libarchive-dev libcurl4-openssl-dev libsodium-dev libmosquitto-dev libinih-dev libsqlite3-dev libcmocka-dev)
packages_web=(node:nodejs npm:npm)
packages_demo=(curl:curl ca-certificates)
packages_test=(clang:clang-14 clang-format:clang-format clang-tidy:clang-tidy python3:python3 chromium:chromium
    aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-aarch64:qemu-user
    dpkg-deb:dpkg curl:curl zstd:zstd gzip:gzip doxygen:doxygen sqlite3:sqlite3 mosquitto:mosquitto mosquitto_sub:mosquitto-clients
    python3-feedparser libglpk40)
packages_bench=(valgrind:valgrind)

say() { printf '\033[1m%s\033[0m\n' "== $*"; }

is_debian() { [ -r /etc/os-release ] && (. /etc/os-release && [[ "${ID:-} ${ID_LIKE:-}" == *debian* ]]); }

installed() { [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" = "install ok installed" ]; }

missing_packages() {
    local row program package
    for row in "$@"; do
        program=${row%%:*} package=${row##*:}
        if [[ $row == *:* ]]; then
            command -v "$program" >/dev/null || echo "$package"
        else
            installed "$package" || echo "$package"
        fi
    done
}

# need_packages WHAT-FOR ROW…: installs what is missing, with sudo when not root; elsewhere names it.
need_packages() {
    local what=$1 missing sudo=()
    shift
    if ! is_debian; then
        command -v cmake >/dev/null && command -v pkg-config >/dev/null && return 0
        echo "This is not Debian or a system like it. To $what, install what these Debian packages hold, then run" \
             "cmake --preset release && cmake --build --preset release:" >&2
        printf '  %s\n' "${@##*:}" >&2
        exit 1
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "To $what these packages are missing, and there is no sudo: ${missing[*]}" >&2; exit 1; }
        sudo=(sudo)
    fi
    say "Installing to $what: ${missing[*]}"
    if ! "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
        "${sudo[@]}" apt-get update -qq
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    fi
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    say "Building $preset"
    [ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset" ${1:+--target "$@"} -- --quiet
}

# The page, where its sources are newer than what was built of them.
build_web() {
    if [ -e web/dist/index.html ] && [ -z "$(find web -path web/node_modules -prune -o -path web/dist -prune -o -newer web/dist/index.html -type f -print -quit)" ]; then
        return 0
    fi
    say "Building the page"
    script/web
}
