"""clang-tidy as an aspect: a file is linted again only when it, or what it includes, changes.

bazel build --aspects=//third_party/clang_tidy:clang_tidy.bzl%clang_tidy \\
    --output_groups=clang_tidy //...
"""

def _own_sources(ctx):
    if ctx.label.workspace_name or not hasattr(ctx.rule.attr, "srcs"):
        return []
    return [
        file
        for source in ctx.rule.attr.srcs
        for file in source.files.to_list()
        if file.is_source and file.extension == "cc"
    ]

def _compilation_context(target, ctx):
    infos = [dep[CcInfo] for dep in ctx.rule.attr.deps if CcInfo in dep]
    if CcInfo in target:
        infos.append(target[CcInfo])
    return cc_common.merge_cc_infos(cc_infos = infos).compilation_context

def _compiler_flags(context):
    flags = ["-std=c++20"]
    flags += ["-D" + define for define in context.defines.to_list()]
    for flag, folders in [
        ("-I", context.includes),
        ("-iquote", context.quote_includes),
        ("-isystem", context.system_includes),
    ]:
        for folder in folders.to_list():
            flags += [flag, folder]
    return flags

def _lint(ctx, source, context):
    verdict = ctx.actions.declare_file("{}.{}.clang_tidy".format(ctx.label.name, source.basename))
    headers = [file for file in getattr(ctx.rule.files, "srcs", []) if file.extension == "h"]
    ctx.actions.run_shell(
        command = "clang-tidy --quiet \"${@:2}\" >\"$1\" 2>&1 || { cat \"$1\"; exit 1; }",
        arguments = [
            verdict.path,
            "--config-file=" + ctx.file._configuration.path,
            source.path,
            "--",
        ] + _compiler_flags(context),
        inputs = depset(
            [source, ctx.file._configuration] + headers,
            transitive = [context.headers],
        ),
        outputs = [verdict],
        use_default_shell_env = True,
        mnemonic = "ClangTidy",
        progress_message = "Linting " + source.short_path,
    )
    return verdict

def _clang_tidy_impl(target, ctx):
    sources = _own_sources(ctx)
    if not sources:
        return [OutputGroupInfo(clang_tidy = depset())]
    context = _compilation_context(target, ctx)
    verdicts = [_lint(ctx, source, context) for source in sources]
    return [OutputGroupInfo(clang_tidy = depset(verdicts))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        "_configuration": attr.label(
            default = "//:.clang-tidy",
            allow_single_file = True,
        ),
    },
)
