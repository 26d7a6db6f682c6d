"""Fetches civetweb's source from the Debian archive this machine already uses.

Debian's library was built for the interface of OpenSSL 1.1, and loads OpenSSL 3:
it ends the process with the first TLS handshake. Its source builds for
OpenSSL 3, which it looks for when it starts; the two are not linked. What is
unpacked is decided by the SHA-256 alone.
"""

_TARBALL_VARIABLE = "SIGNET_CIVETWEB_TARBALL"

# What is asked for at once has one deadline. Upstream's begins anew with every
# byte, for as long as a client likes to send them one by one.
_UPSTREAM_PULL_ALL = """
			nread += n;
			len -= n;
		}
	}

	return nread;
}


static void
discard_unread_request_data"""
_PULL_ALL_IN_TIME = """
			nread += n;
			len -= n;
			now = mg_get_current_time_ns() - start_time;
			if (now > timeout_ns) {
				break;
			}
			timeout = (double)(timeout_ns - now) / 1.0E9;
		}
	}

	return nread;
}


static void
discard_unread_request_data"""

# Without all that it could do on its own. A thread that waits for a client
# looks every 200 ms whether the server stops, and not every 2 s, at a flag that
# is atomic (STOP_FLAG_NEEDS_LOCK). Hidden, because a library that links
# Debian's would find this one instead.
_BUILD = """
cc_library(
    name = "civetweb",
    srcs = ["src/civetweb.c"],
    hdrs = ["include/civetweb.h"],
    copts = [
        "-DCIVETWEB_API=",
        "-DCRYPTO_LIB='\\"libcrypto.so.3\\"'",
        "-DNDEBUG",
        "-DNO_CACHING",
        "-DNO_CGI",
        "-DNO_FILES",
        "-DOPENSSL_API_3_0",
        "-DSOCKET_TIMEOUT_QUANTUM=200",
        "-DSSL_LIB='\\"libssl.so.3\\"'",
        "-DSTOP_FLAG_NEEDS_LOCK",
        "-DUSE_IPV6",
        "-fvisibility=hidden",
        "-w",
    ],
    defines = ["CIVETWEB_API="],
    includes = ["include"],
    linkopts = ["-ldl", "-lpthread"],
    textual_hdrs = glob(["src/*.inl"]),
    visibility = ["@//service/http:__pkg__"],
)
"""

def _civetweb_impl(repository_ctx):
    attr = repository_ctx.attr
    tarball = repository_ctx.os.environ.get(_TARBALL_VARIABLE, "")
    if not tarball:
        fetched = repository_ctx.execute(
            [
                "bash",
                repository_ctx.path(attr._fetch),
                "civetweb",
                attr.version,
                "civetweb.tar.xz",
            ],
        )
        if fetched.return_code != 0:
            fail("cannot fetch civetweb: {}\nGive a local copy with {}=PATH.".format(
                fetched.stderr,
                _TARBALL_VARIABLE,
            ))
        tarball = str(repository_ctx.path("civetweb.tar.xz"))

    # A file URL, so that Bazel checks the digest before it unpacks.
    repository_ctx.download_and_extract(
        url = "file://" + tarball,
        sha256 = attr.sha256,
        stripPrefix = "civetweb-" + attr.version.split("+")[0],
        type = "tar.xz",
    )
    repository_ctx.delete("civetweb.tar.xz")
    source = repository_ctx.read("src/civetweb.c")
    if source.count(_UPSTREAM_PULL_ALL) != 1:
        fail("civetweb reads bodies otherwise than {}".format(attr.version))
    repository_ctx.file(
        "src/civetweb.c",
        source.replace(_UPSTREAM_PULL_ALL, _PULL_ALL_IN_TIME),
        executable = False,
    )
    repository_ctx.file("BUILD", _BUILD)
    repository_ctx.file("WORKSPACE", "")

civetweb = repository_rule(
    implementation = _civetweb_impl,
    attrs = {
        "sha256": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
        "_fetch": attr.label(default = "//third_party/boringssl:fetch_source.sh"),
    },
    environ = [_TARBALL_VARIABLE],
)
