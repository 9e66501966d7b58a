// swift-tools-version: 6.2
import PackageDescription

/// What the generator's targets are built with.
let generator: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]

/// What every other Swift target is built with.
let strict: [SwiftSetting] = generator + [.enableUpcomingFeature("InternalImportsByDefault")]

/// What every C target is built with.
let plain: [CSetting] = [
  .define("_GNU_SOURCE"), .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

let package = Package(
  name: "SwiftVirt",
  products: [
    // What the Makefile links shared objects from.
    .library(
      name: "Objects", type: .static,
      targets: ["CVirtExports", "CVirtBodies", "CVirtDispatch", "CVirtRuntime", "VirtCore", "VirtHost", "TestDriverPlugin"]),
    .executable(name: "virtgen", targets: ["virtgen"]),
  ],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
  targets: [
    // System libraries.
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),

    // The library, bottom up.
    .target(name: "CVirt", publicHeadersPath: "Generated"),
    .target(name: "CVirtRuntime", dependencies: ["CVirt"], cSettings: plain),
    .target(name: "VirtCore", dependencies: ["CVirtRuntime"], swiftSettings: strict),
    .target(name: "CVirtSchema", dependencies: ["CVirtRuntime"], cSettings: plain),
    .target(name: "CVirtGrammar", dependencies: ["CVirt"], cSettings: plain),
    .target(name: "VirtXML", dependencies: ["CExpat", "CVirtSchema", "CVirtGrammar", "VirtCore"], swiftSettings: strict),
    .target(name: "VirtModel", dependencies: ["VirtCore", "VirtXML"], swiftSettings: strict),

    .target(name: "VirtEngine", dependencies: ["VirtCore", "VirtModel"], swiftSettings: strict),

    // Generated C between programs and drivers.
    .target(
      name: "CVirtDispatch", dependencies: ["CVirt", "CVirtRuntime"], publicHeadersPath: "Generated/include", cSettings: plain),
    // Bodies that people write in C.
    .target(
      name: "CVirtBodies", dependencies: ["CVirt", "CVirtRuntime", "CVirtDispatch"], cSettings: plain),
    .target(
      name: "CVirtExports", dependencies: ["CVirt", "CVirtRuntime", "CVirtDispatch"], publicHeadersPath: "Generated",
      cSettings: plain),
    .target(
      name: "VirtHost", dependencies: ["CVirt", "CVirtRuntime", "CVirtDispatch", "VirtCore"], swiftSettings: strict),

    // What drivers are written with.
    .target(name: "CVirtDriverKit", dependencies: ["CVirt"], cSettings: plain),
    .target(name: "VirtDriverKit", dependencies: ["CVirt", "CVirtDriverKit", "VirtCore"], swiftSettings: strict),

    .target(
      name: "TestDriver", dependencies: ["CVirt", "VirtCore", "VirtXML", "VirtModel", "VirtEngine", "VirtDriverKit"],
      swiftSettings: strict),
    .target(name: "TestDriverPlugin", dependencies: ["CVirt", "TestDriver"], cSettings: plain),

    // The generator.
    .target(name: "APIDescription", dependencies: ["CLibXML2"], path: "generators/APIDescription", swiftSettings: generator),
    .target(name: "BindingPlan", dependencies: ["APIDescription"], path: "generators/BindingPlan", swiftSettings: generator),
    .target(name: "CodePrinting", path: "generators/CodePrinting", swiftSettings: generator),
    .target(
      name: "Emitters", dependencies: ["APIDescription", "BindingPlan", "CodePrinting"], path: "generators/Emitters",
      swiftSettings: generator),
    .executableTarget(
      name: "virtgen",
      dependencies: [
        "APIDescription", "BindingPlan", "CodePrinting", "Emitters",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "generators/virtgen", swiftSettings: generator),

    // Tests.
    .testTarget(
      name: "CVirtRuntimeTests", dependencies: ["CVirtRuntime"], exclude: ["Programs"], swiftSettings: strict),
    .testTarget(name: "VirtCoreTests", dependencies: ["VirtCore", "CVirtRuntime"], swiftSettings: strict),
    .testTarget(name: "VirtXMLTests", dependencies: ["VirtCore", "VirtXML"], swiftSettings: strict),
    .testTarget(name: "VirtModelTests", dependencies: ["VirtCore", "VirtModel", "VirtXML"], swiftSettings: strict),
    .testTarget(
      name: "VirtEngineTests", dependencies: ["VirtCore", "VirtEngine", "VirtModel", "VirtXML"], swiftSettings: strict),
    .testTarget(name: "VirtHostTests", dependencies: ["VirtHost"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
