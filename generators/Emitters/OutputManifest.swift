public import BindingPlan
public import CodePrinting

/// Every file the generator writes, in one list: read it to know them all.
public enum OutputManifest {
  /// Generates all files of a plan, sorted by path.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    var files: [GeneratedFile] = []
    files += HeaderEmitter.files(plan)  // Sources/CVirt/Generated/libvirt/*.h
    files += EntryEmitter.files(plan)  // Sources/CVirtExports/Generated, Sources/CVirtSiblings/*/Generated
    files += BodiesEmitter.files(plan)  // Sources/CVirtDispatch/Generated/include/virt-bodies.h
    files += LayoutEmitter.files(plan)  // Sources/CVirtExports/Generated/layout.c
    files += VersionScriptEmitter.files(plan)  // bindings/c/Generated/*.map
    files += PkgConfigEmitter.files(plan)  // bindings/c/Generated/*.pc.in
    files += DriverHeaderEmitter.files(plan)  // Sources/CVirt/Generated/libvirt/virt-driver*.h, the C end of the Swift kit
    files += DispatchEmitter.files(plan)  // Sources/CVirtDispatch/Generated
    files += EnumerationEmitter.files(plan)  // Sources/VirtCore/Generated
    files += SwiftOperationEmitter.files(plan)  // Sources/VirtDriverKit/Generated
    files += UpstreamEmitter.files(plan)  // bindings/c/Generated/*-api.xml
    files += LockEmitter.files(plan)  // api-xml/locks/*.txt
    files += PythonEmitter.files(plan)  // bindings/python/Generated, stubs and tables of the modules included
    files += PythonAsyncEmitter.files(plan)  // bindings/python/Generated/modules/libvirt/aio
    files += PythonPages.files(plan)  // docs/python/Generated
    files += SchemaEmitter.files(plan)  // bindings/schemas/Generated, Sources/VirtXML/Generated
    files += FormatPages.files(plan)  // docs/formats/Generated
    files += GrammarEmitter.files(plan)  // Sources/CVirtGrammar/Generated, Sources/VirtXML/Generated
    return files.sorted { $0.path < $1.path }
  }

  /// The API in upstream's format, a file for each library.
  public static func upstream(_ plan: Plan) -> [GeneratedFile] { UpstreamEmitter.files(plan) }

  /// The folders in which every file is generated, so that one the manifest does not know is a mistake.
  public static let folders = [
    "Sources/CVirt/Generated", "Sources/CVirtExports/Generated", "Sources/CVirtSiblings", "Sources/CVirtDispatch/Generated",
    "Sources/VirtCore/Generated", "Sources/CVirtDriverKit/include/Generated", "Sources/VirtDriverKit/Generated",
    "bindings/c/Generated", "bindings/python/Generated", "bindings/schemas/Generated", "Sources/VirtXML/Generated",
    "Sources/CVirtGrammar/Generated", "docs/formats/Generated", "docs/python/Generated", "Tests/Generated",
  ]
}
