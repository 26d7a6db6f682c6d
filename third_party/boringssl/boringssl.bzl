"""Fetches BoringSSL's source from the Debian archive this machine already uses.

Debian packages upstream's tree, Bazel files included, as the source of
android-platform-external-boringssl. The archive is found through the machine's
own apt sources, so a mirror configured there serves here too. What is unpacked
is decided by the SHA-256 alone.
"""

_TARBALL_VARIABLE = "SIGNET_BORINGSSL_TARBALL"

# BoringSSL must stay invisible: gRPC brings OpenSSL into the same process, and
# the two define the same names. Hidden symbols of a static library cannot be
# mixed up by the dynamic linker.
_UPSTREAM_COPTS = """boringssl_copts = [
    "-DBORINGSSL_IMPLEMENTATION","""
_HIDDEN_COPTS = """boringssl_copts = [
    "-fvisibility=hidden",
    "-DBORINGSSL_IMPLEMENTATION","""

# The fast paths for P-256 (curves/p256_field.h) and for Ed25519
# (curves/ed25519_field.h) stand on BoringSSL's own arithmetic, whose headers
# upstream does not export.
_INTERNAL_HEADERS = """
cc_library(
    name = "crypto_internal",
    hdrs = [
        "src/crypto/curve25519/internal.h",
        "src/crypto/fipsmodule/bn/internal.h",
        "src/crypto/fipsmodule/ec/p256-nistz.h",
        "src/crypto/internal.h",
        "src/third_party/fiat/curve25519_64.h",
    ],
    includes = ["src"],
    visibility = ["//visibility:public"],
    deps = [":crypto"],
)
"""

def _boringssl_impl(repository_ctx):
    attr = repository_ctx.attr
    tarball = repository_ctx.os.environ.get(_TARBALL_VARIABLE, "")
    if not tarball:
        fetched = repository_ctx.execute(
            [
                "bash",
                repository_ctx.path(attr._fetch),
                attr.source_package,
                attr.version,
                "boringssl.tar.xz",
            ],
        )
        if fetched.return_code != 0:
            fail("cannot fetch BoringSSL: {}\nGive a local copy with {}=PATH.".format(
                fetched.stderr,
                _TARBALL_VARIABLE,
            ))
        tarball = str(repository_ctx.path("boringssl.tar.xz"))

    # A file URL, so that Bazel checks the digest before it unpacks.
    repository_ctx.download_and_extract(
        url = "file://" + tarball,
        sha256 = attr.sha256,
        stripPrefix = "{}-{}".format(attr.source_package, attr.version),
        type = "tar.xz",
    )
    repository_ctx.delete("boringssl.tar.xz")

    build_file = repository_ctx.read("BUILD")
    if _UPSTREAM_COPTS not in build_file:
        fail("BoringSSL's BUILD file is not the expected one: cannot hide its symbols")
    repository_ctx.file(
        "BUILD",
        build_file.replace(_UPSTREAM_COPTS, _HIDDEN_COPTS) + _INTERNAL_HEADERS,
    )
    repository_ctx.file("WORKSPACE", "")

boringssl = repository_rule(
    implementation = _boringssl_impl,
    attrs = {
        "sha256": attr.string(mandatory = True),
        "source_package": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
        "_fetch": attr.label(default = "//third_party/boringssl:fetch_source.sh"),
    },
    environ = [_TARBALL_VARIABLE],
)
