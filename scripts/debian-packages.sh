# shellcheck shell=bash
# Sourced: takes single files out of Debian packages, without installing anything and without privileges.
#
#   fetch_from_debian TARGET LIST
#
# LIST has a line for each file: its name in TARGET, the package, and the end of its path inside the package (a pattern).
# The packages are downloaded through apt (which checks their signatures), unpacked into a temporary directory, and each file
# is compared with its package's checksum, copied, and named with its SHA-256. A TARGET that is whole already is left alone.
# Ends the script with status 1, and says what to do, when something is missing.

fetch_from_debian() {
  local target=$1 list=$2
  mkdir -p "$target"
  target=$(cd "$target" && pwd)
  if _is_complete "$target" "$list"; then
    echo "all there in $target"
    return 0
  fi

  local tool
  for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || {
      echo "$(basename "$0"): this needs '$tool', which Debian and Ubuntu have." >&2
      echo "Elsewhere, install your system's packages for these (the middle column is Debian's name) and copy the files to $target:" >&2
      awk 'NF { printf "  %-14s %-22s %s\n", $1, $2, $3 }' <<<"$list" >&2
      exit 1
    }
  done

  _work=$(mktemp -d)
  trap 'rm -rf "$_work"' EXIT
  # apt downloads as the user _apt, who has to reach the directory.
  chmod 755 "$_work"
  mkdir -m 777 "$_work/packages"

  local packages package archive
  packages=$(awk 'NF { print $2 }' <<<"$list" | sort -u)
  # shellcheck disable=SC2086 # a list of names
  if ! (cd "$_work/packages" && apt-get download -q $packages) >"$_work/apt.log" 2>&1; then
    cat "$_work/apt.log" >&2
    echo "$(basename "$0"): apt could not download the packages. If its lists are old or missing, run: sudo apt-get update" >&2
    exit 1
  fi
  for package in $packages; do
    archive=$(echo "$_work/packages/${package}"_*.deb)
    dpkg-deb --extract "$archive" "$_work/$package"
    dpkg-deb --control "$archive" "$_work/$package.control"
  done

  local name path file version
  while read -r name package path; do
    [ -n "$name" ] || continue
    file=$(cd "$_work/$package" && find . -type f -path "*/$path" -size +0 | sort | head -n 1)
    file=${file#./}
    if [ -z "$file" ]; then
      echo "$(basename "$0"): the package $package has no $path" >&2
      exit 1
    fi
    if ! grep -F "  $file" "$_work/$package.control/md5sums" | (cd "$_work/$package" && md5sum --quiet --check -); then
      echo "$(basename "$0"): $file is not what the package $package says it is" >&2
      exit 1
    fi
    # A reader never sees half a file: it is complete before it has its name.
    install -m 644 "$_work/$package/$file" "$target/.$name.new"
    mv -f "$target/.$name.new" "$target/$name"
    (cd "$target" && sha256sum "$name") >>"$_work/record"
    version=$(dpkg-deb --field "$_work/packages/${package}"_*.deb Version)
    printf '%-14s %9d octets  sha256 %.16s…  from %s %s\n' "$name" "$(stat -c %s "$target/$name")" \
      "$(sha256sum <"$target/$name")" "$package" "$version"
  done <<<"$list"
  install -m 644 "$_work/record" "$target/.fetched.sha256"
  echo "put into $target"
}

# True when every file of the list is there as it was fetched.
_is_complete() {
  local target=$1 list=$2 name
  [ -f "$target/.fetched.sha256" ] || return 1
  while read -r name _; do
    [ -z "$name" ] || grep -q "  $name\$" "$target/.fetched.sha256" || return 1
  done <<<"$list"
  (cd "$target" && sha256sum --quiet --check .fetched.sha256) >/dev/null 2>&1
}
