"""C++ (and gRPC) code from a .proto file, with the system's protoc and plugin."""

# Import paths and C++ include paths both start below this folder.
_ROOT = "proto"

CcProtoInfo = provider(
    "The .proto files that a generated library's importers must be able to see.",
    fields = ["protos"],
)

def _generate_cc_impl(ctx):
    proto = ctx.file.src
    stem = proto.basename[:-len(".proto")]
    kinds = [".pb"] + ([".grpc.pb"] if ctx.attr.grpc else [])
    headers = [ctx.actions.declare_file(stem + kind + ".h", sibling = proto) for kind in kinds]
    sources = [ctx.actions.declare_file(stem + kind + ".cc", sibling = proto) for kind in kinds]
    imported = depset(transitive = [dep[CcProtoInfo].protos for dep in ctx.attr.imports])

    out = "{}/{}".format(ctx.bin_dir.path, _ROOT)
    arguments = ["--proto_path=" + _ROOT, "--fatal_warnings", "--cpp_out=" + out]
    if ctx.attr.grpc:
        arguments += [
            "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin",
            "--grpc_out=" + out,
        ]
    ctx.actions.run(
        executable = "/usr/bin/protoc",
        arguments = arguments + [proto.path],
        inputs = depset([proto], transitive = [imported]),
        outputs = headers + sources,
        mnemonic = "Protoc",
    )
    return [
        DefaultInfo(files = depset(headers + sources)),
        OutputGroupInfo(headers = depset(headers), sources = depset(sources)),
        CcProtoInfo(protos = depset([proto], transitive = [imported])),
    ]

_generate_cc = rule(
    implementation = _generate_cc_impl,
    attrs = {
        "grpc": attr.bool(),
        "imports": attr.label_list(providers = [CcProtoInfo]),
        "src": attr.label(mandatory = True, allow_single_file = [".proto"]),
    },
)

def cc_proto(name, src, deps = [], grpc = False, **kwargs):
    """Makes a cc_library of the messages in `src`, and of its services.

    Args:
      name: the library; C++ includes "signet/v1/NAME.pb.h".
      src: one .proto file.
      deps: the cc_proto targets that `src` imports.
      grpc: whether `src` declares services.
      **kwargs: passed on to cc_library.
    """
    generated = name + "_generated"
    _generate_cc(
        name = generated,
        src = src,
        grpc = grpc,
        imports = [dep + "_generated" for dep in deps],
    )
    for group in ["headers", "sources"]:
        native.filegroup(
            name = name + "_" + group,
            srcs = [generated],
            output_group = group,
        )
    native.cc_library(
        name = name,
        srcs = [name + "_sources"],
        hdrs = [name + "_headers"],
        includes = ["."],
        deps = deps + (["@system//:grpc"] if grpc else ["@system//:protobuf"]),
        **kwargs
    )
