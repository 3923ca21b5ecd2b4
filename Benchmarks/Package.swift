// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "hone", path: "..")],
  targets: [
    .executableTarget(
      name: "hone-optimizer", dependencies: [.product(name: "Hone", package: "hone")],
      path: "Sources/HoneOptimizer", swiftSettings: settings),
    .executableTarget(
      name: "de-ath", dependencies: [.product(name: "Hone", package: "hone")],
      path: "Sources/DeAth", swiftSettings: settings),
    .executableTarget(
      name: "bilevel-runs",
      dependencies: [.product(name: "Bilevel", package: "hone")],
      path: "Sources/Bilevel", swiftSettings: settings),
    .executableTarget(
      name: "likelihood",
      dependencies: [
        .product(name: "GaussianProcesses", package: "hone"), .product(name: "COpenBLAS", package: "hone"),
      ],
      path: "Sources/Likelihood", swiftSettings: settings),
    .executableTarget(
      name: "self-tuning",
      dependencies: [
        .product(name: "BestResponse", package: "hone"), .product(name: "Bilevel", package: "hone"),
        .product(name: "Hone", package: "hone"),
      ],
      path: "Sources/SelfTuning", swiftSettings: settings),
  ]
)
