// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds Hone meets the fuzzer. The modules under test are Hone's own folders,
// instrumented; as they belong to this package here, what is `package` in them can be reached.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-sanitize=fuzzer"]),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies + ["CFuzzer"], swiftSettings: settings,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

let package = Package(
  name: "fuzzing",
  targets: [
    .target(name: "CEpoll"),
    .target(name: "CFuzzer"),
    module("SocketHTTP", ["CEpoll"]),
    module("TuningModel"),
    module("TuningAPI", ["TuningModel"]),
    fuzzer("FuzzHTTP", ["SocketHTTP"]),
    fuzzer("FuzzJSON", ["TuningModel"]),
    fuzzer("FuzzForms", ["TuningModel", "TuningAPI"]),
  ]
)
