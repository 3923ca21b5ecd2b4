// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// What every Swift target of ours is compiled with.
///
/// The import rules let the compiler hold the arrows between
/// modules that docs/architecture.md draws: nothing leaks through a public interface unless its import says so.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: fixtures ? [.copy("Fixtures")] : [], swiftSettings: settings)
}

let allTargets: [Target] = [
  // C: system libraries and shims
  .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
  .target(name: "CEpoll"),

  // Mathematics: knows nothing of studies
  module("NumericalMethods", ["COpenBLAS"]),
  module("GaussianProcesses", ["NumericalMethods"]),

  // The vocabulary, and the tuners that speak it
  module("TuningModel"),
  module("BayesianOptimization", ["TuningModel", "GaussianProcesses", "NumericalMethods"]),
  module("Tuners", ["TuningModel", "NumericalMethods"]),

  // The engine and its storage
  module("StudyOperations", ["TuningModel"]),
  module("SQLiteStorage", ["TuningModel", "StudyOperations", .product(name: "GRDB", package: "GRDB.swift")]),
  module("Hone", ["TuningModel", "StudyOperations", "SQLiteStorage", "BayesianOptimization", "Tuners"]),

  // The service, its client and the command
  module("SocketHTTP", ["CEpoll"]),
  module("TuningAPI", ["TuningModel"]),
  module(
    "TuningServer",
    ["TuningModel", "StudyOperations", "TuningAPI", "SocketHTTP", .product(name: "Logging", package: "swift-log")]),
  module("HoneClient", ["TuningModel", "TuningAPI"]),
  .executableTarget(
    name: "HoneCommand",
    dependencies: [
      "TuningModel", "StudyOperations", "TuningServer", "Hone", "HoneClient",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Subprocess", package: "swift-subprocess"),
    ],
    swiftSettings: settings),

  // Examples
  .executableTarget(
    name: "DigitsPerceptron", dependencies: ["NumericalMethods"], path: "Examples/DigitsPerceptron",
    exclude: ["README.md", "study.json"], resources: [.copy("Data")], swiftSettings: settings),

  // Tests
  .target(name: "TunerContract", dependencies: ["TuningModel"], path: "Tests/TunerContract", swiftSettings: settings),
  tests("NumericalMethodsTests", ["NumericalMethods"], fixtures: true),
  tests("GaussianProcessesTests", ["GaussianProcesses", "NumericalMethods"], fixtures: true),
  tests("TuningModelTests", ["TuningModel"], fixtures: true),
  tests("BayesianOptimizationTests", ["BayesianOptimization", "TuningModel"]),
  tests("TunersTests", ["Tuners", "TuningModel", "BayesianOptimization"]),
  tests("StudyOperationsTests", ["StudyOperations", "TuningModel", "SQLiteStorage", "TunerContract"]),
  tests("SQLiteStorageTests", ["SQLiteStorage", "StudyOperations", "TuningModel"]),
  tests("SocketHTTPTests", ["SocketHTTP"]),
  tests("HoneTests", ["Hone", "TuningModel"]),
  tests("HoneCommandTests", ["HoneCommand", "TuningModel"]),
  tests(
    "ContractTests",
    [
      "TuningModel", "TuningAPI", "TuningServer", "HoneClient", "Hone", "StudyOperations", "SocketHTTP",
      .product(name: "Yams", package: "Yams"),
    ]),
  tests("DigitsPerceptronTests", ["DigitsPerceptron"]),
]

// DEVELOPMENT ONLY, removed before release: targets whose folder is not there yet are left out.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
func present(_ target: Target) -> Bool {
  let folder = target.path ?? (target.type == .test ? "Tests/" : "Sources/") + target.name
  return FileManager.default.fileExists(atPath: root.appendingPathComponent(folder).path)
}

let package = Package(
  name: "hone",
  products: [
    .library(name: "Hone", targets: ["Hone"].filter { n in allTargets.contains { $0.name == n && present($0) } })
  ].filter { _ in allTargets.contains { $0.name == "Hone" && present($0) } }
    + (allTargets.contains { $0.name == "HoneCommand" && present($0) }
      ? [.executable(name: "hone", targets: ["HoneCommand"])] : []),
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: allTargets.filter(present)
)
