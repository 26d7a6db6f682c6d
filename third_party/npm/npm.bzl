"""Installs npm packages from a lock file, for tests that need another maker's code."""

def _npm_packages_impl(repository_ctx):
    repository_ctx.symlink(repository_ctx.attr.manifest, "package.json")
    repository_ctx.symlink(repository_ctx.attr.lock, "package-lock.json")
    installed = repository_ctx.execute(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        timeout = 300,
    )
    if installed.return_code != 0:
        fail("npm ci failed: " + installed.stderr)
    repository_ctx.file("BUILD", """
exports_files(["package.json"])

filegroup(
    name = "node_modules",
    srcs = glob(["node_modules/**"]),
    visibility = ["//visibility:public"],
)
""")

npm_packages = repository_rule(
    implementation = _npm_packages_impl,
    attrs = {
        "lock": attr.label(mandatory = True, allow_single_file = True),
        "manifest": attr.label(mandatory = True, allow_single_file = True),
    },
)
