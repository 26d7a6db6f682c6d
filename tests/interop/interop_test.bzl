"""Tests of the real binary from outside, in JavaScript."""

def interop_test(name, data = [], tags = [], **kwargs):
    """Runs NAME.js under Node.js, with the server, the contract and the packages.

    Args:
      name: the test; its script is called the same, with ".js" behind it.
      data: further files that the test reads.
      tags: further tags.
      **kwargs: as for sh_test.
    """
    script = name + ".js"
    native.sh_test(
        name = name,
        srcs = ["run_node.sh"],
        args = [
            "$(location %s)" % script,
            "$(location //cli:signet)",
            "proto",
        ],
        data = [
            script,
            ":harness",
            "//cli:signet",
            "//proto:contract",
            "@npm//:node_modules",
        ] + data,
        size = "medium",
        tags = ["no-tsan"] + tags,
        **kwargs
    )
