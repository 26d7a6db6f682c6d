"""Offers published test vectors to the tests, where a copy of them is at hand.

The folder is named by SIGNET_TEST_VECTORS, or is ../shared/vectors beside the
checkout. Without it @vectors//:all is empty, and the tests that read it say
that they skipped. The vectors keep their own licences and are not copied here.
"""

_FOLDER_VARIABLE = "SIGNET_TEST_VECTORS"

def _test_vectors_impl(repository_ctx):
    workspace = repository_ctx.path(Label("//:WORKSPACE")).dirname
    named = repository_ctx.os.environ.get(_FOLDER_VARIABLE, "")
    folder = repository_ctx.path(named or "{}/../shared/vectors".format(workspace))
    if folder.exists:
        repository_ctx.symlink(folder, "vectors")
    elif named:
        fail("{} names a folder that does not exist: {}".format(_FOLDER_VARIABLE, named))
    repository_ctx.file("BUILD", """
filegroup(
    name = "all",
    srcs = glob(["vectors/**"]),
    visibility = ["//visibility:public"],
)
""")

test_vectors = repository_rule(
    implementation = _test_vectors_impl,
    environ = [_FOLDER_VARIABLE],
    local = True,
)
