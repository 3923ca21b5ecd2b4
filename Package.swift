// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of ours is compiled with.
///
/// The import rules let the compiler hold the arrows between modules that docs/architecture.md draws: nothing leaks
/// through a public interface unless its import says so.
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

let package = Package(
  name: "hone",
  products: [
    .library(name: "Hone", targets: ["Hone"]),
    .library(name: "HoneClient", targets: ["HoneClient"]),
    .library(name: "Bilevel", targets: ["Bilevel", "NumericalMethods"]),
    .library(name: "BestResponse", targets: ["BestResponse", "NumericalMethods"]),
    .library(name: "GaussianProcesses", targets: ["GaussianProcesses", "NumericalMethods"]),
    .library(name: "COpenBLAS", targets: ["COpenBLAS"]),
    .executable(name: "hone", targets: ["HoneCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: system libraries and shims
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CEpoll"),

    // Mathematics: knows nothing of studies
    module("NumericalMethods", ["COpenBLAS"]),
    module("GaussianProcesses", ["CKernels", "NumericalMethods"]),

    // Counters and histograms: knows nothing of what is counted
    module("Instruments"),

    // The vocabulary, and the tuners that speak it
    module("TuningModel"),
    module("BayesianOptimization", ["TuningModel", "GaussianProcesses", "NumericalMethods"]),
    module("Tuners", ["TuningModel", "GaussianProcesses", "NumericalMethods"]),
    module("BestResponse", ["TuningModel", "NumericalMethods"]),
    module("Bilevel", ["TuningModel", "NumericalMethods", "BestResponse"]),
    module("StoppingRules", ["TuningModel"]),
    module("StudyLoop", ["TuningModel"]),
    module("VarianceDecomposition", ["TuningModel"]),

    // The engine and its storage
    module(
      "StudyOperations",
      ["TuningModel", "VarianceDecomposition", "Instruments", .product(name: "Crypto", package: "swift-crypto")]),
    module(
      "SQLiteStorage", ["TuningModel", "StudyOperations", "Instruments", .product(name: "GRDB", package: "GRDB.swift")]),
    module(
      "Hone",
      [
        "TuningModel", "StudyOperations", "SQLiteStorage", "BayesianOptimization", "Tuners", "Bilevel", "StoppingRules",
        "NumericalMethods", "StudyLoop",
      ]),

    // The service, its client and the command
    module("SocketHTTP", ["CEpoll"]),
    module("TuningAPI", ["TuningModel"]),
    .target(name: "CContract", exclude: ["openapi.yaml"]),
    module(
      "TuningServer",
      [
        "TuningModel", "TuningAPI", "SocketHTTP", "Instruments", "CContract",
        .product(name: "Logging", package: "swift-log"),
      ]),
    module("HoneClient", ["TuningModel", "TuningAPI", "StudyLoop"]),
    .executableTarget(
      name: "HoneCommand",
      dependencies: [
        "TuningModel", "StudyOperations", "SQLiteStorage", "TuningAPI", "TuningServer", "SocketHTTP", "Hone",
        "HoneClient", "Instruments", "Bilevel", "BestResponse",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: settings),

    // Examples
    .executableTarget(
      name: "DigitsPerceptron", dependencies: ["NumericalMethods"], path: "Examples/DigitsPerceptron",
      exclude: ["README.md", "study.json"], resources: [.copy("Data")], swiftSettings: settings),
    .executableTarget(
      name: "SwiftProgram", dependencies: ["Hone", "HoneClient"], path: "Examples/SwiftProgram", exclude: ["README.md"],
      swiftSettings: settings),

    // Tests
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .target(name: "TunerContract", dependencies: ["TuningModel"], path: "Tests/TunerContract", swiftSettings: settings),
    tests("NumericalMethodsTests", ["NumericalMethods", "TestSupport"], fixtures: true),
    tests(
      "GaussianProcessesTests", ["CKernels", "GaussianProcesses", "NumericalMethods", "TestSupport"],
      fixtures: true),
    tests("InstrumentsTests", ["Instruments"]),
    tests("TuningModelTests", ["TuningModel"]),
    tests(
      "BayesianOptimizationTests",
      ["BayesianOptimization", "GaussianProcesses", "NumericalMethods", "TuningModel", "TestSupport", "TunerContract"],
      fixtures: true),
    tests("TunersTests", ["Hone", "Tuners", "TuningModel", "TunerContract"]),
    tests(
      "BilevelTests", ["Bilevel", "BestResponse", "NumericalMethods", "TuningModel", "TestSupport"], fixtures: true),
    tests("BestResponseTests", ["BestResponse", "NumericalMethods", "TuningModel", "TestSupport"], fixtures: true),
    tests("StoppingRulesTests", ["StoppingRules", "TuningModel"]),
    tests("VarianceDecompositionTests", ["VarianceDecomposition", "TuningModel"]),
    tests(
      "StudyOperationsTests",
      ["StudyOperations", "StoppingRules", "Tuners", "TuningModel", "SQLiteStorage", "TunerContract", "TestSupport"]),
    tests("SQLiteStorageTests", ["SQLiteStorage", "StudyOperations", "TuningModel", "TestSupport"]),
    tests("SocketHTTPTests", ["SocketHTTP", "TestSupport"]),
    tests("StudyLoopTests", ["StudyLoop", "Hone", "TuningModel"]),
    tests("HoneTests", ["Hone", "Bilevel", "BestResponse", "NumericalMethods", "TuningModel", "TestSupport"]),
    tests(
      "HoneCommandTests",
      [
        "HoneCommand", "HoneClient", "SQLiteStorage", "TuningModel", "Bilevel", "BestResponse",
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      "ContractTests",
      [
        "TuningModel", "TuningAPI", "TuningServer", "HoneClient", "Hone", "StudyOperations", "StoppingRules",
        "SQLiteStorage", "SocketHTTP", "Instruments", "Bilevel", "Tuners", "TestSupport",
        .product(name: "Logging", package: "swift-log"), .product(name: "Yams", package: "Yams"),
      ]),
    tests("DigitsPerceptronTests", ["DigitsPerceptron", "NumericalMethods", "TuningModel"]),
  ]
)
