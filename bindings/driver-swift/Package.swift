// swift-tools-version: 6.2
import PackageDescription

/// What drivers in Swift are written with, installed as source: a binary module would bind to one compiler.
let package = Package(
  name: "kit",
  products: [.library(name: "VirtDriverKit", targets: ["VirtDriverKit"])],
  targets: [
    .target(name: "CVirt", publicHeadersPath: "Generated"),
    .target(name: "CVirtRuntime", dependencies: ["CVirt"], cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "VirtCore", dependencies: ["CVirtRuntime"]),
    .target(name: "CVirtDriverKit", dependencies: ["CVirt"]),
    .target(name: "VirtDriverKit", dependencies: ["CVirt", "CVirtDriverKit", "VirtCore"]),
  ],
  swiftLanguageModes: [.v6]
)
