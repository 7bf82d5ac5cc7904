// swift-tools-version: 6.2

import PackageDescription

/// What every Swift target is compiled with: the strict language mode, and warnings that stop the build.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// An adapter: it knows the core, its library, and no other adapter.
func adapter(_ name: String, _ libraries: Target.Dependency...) -> Target {
  .target(name: name, dependencies: ["QuotaCore"] + libraries, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "quotawatch",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "quotawatch", targets: ["quotawatch"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(name: "QuotaCore", swiftSettings: strict),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    adapter("CurlTransport", "CLibcurl"),
    adapter("DocuTrayAPI"),
    adapter("UsageStore", grdb),
    adapter("Notifiers", crypto, mustache),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    adapter("Reports", "CZlib"),
    adapter(
      "WebServer", "CZlib", coreMetrics, crypto, hummingbird, hummingbirdCore, httpTypes, logging, nioCore,
      nioHTTP1, nioHTTPTypes, serviceLifecycle, unixSignals),
    .target(
      name: "Pages", dependencies: ["QuotaCore", mustache],
      resources: [.embedInCode("Templates"), .embedInCode("Assets")], swiftSettings: strict),
    adapter("Sandbox", crypto, hummingbird, logging, nioCore, nioPosix, nioExtras, nioHTTPTypes),
    .target(
      name: "QuotaService",
      dependencies: [
        "QuotaCore", "CurlTransport", "DocuTrayAPI", "UsageStore", "Notifiers", "Reports", "Pages", "WebServer",
        crypto, deque, heap, logging, subprocess,
      ], swiftSettings: strict),
    .target(
      name: "Demo", dependencies: ["QuotaCore", "CurlTransport", "Reports", "QuotaService", "Sandbox", logging],
      resources: [
        .embedInCode("Resources/invoice-2026-09.csv"), .embedInCode("Resources/ledger-2026-09.csv"),
      ], swiftSettings: strict),
    .executableTarget(
      name: "quotawatch",
      dependencies: [
        "CMalloc", "QuotaCore", "QuotaService", "Reports", "WebServer", "Demo", "Sandbox", argumentParser, logging,
        unixSignals,
      ], swiftSettings: strict),
    // Only `make bench` builds it.
    .executableTarget(
      name: "Benchmarks", dependencies: ["QuotaCore", "QuotaService", "UsageStore"], swiftSettings: strict),
    // Only `make generate` runs it.
    .executableTarget(
      name: "Generate", dependencies: ["QuotaCore", "QuotaService", "Notifiers"], swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: ["QuotaCore", "WebServer", httpTypes, hummingbird, logging, nioCore, nioEmbedded],
      path: "Tests/TestSupport", exclude: ["Servers/scripts"],
      swiftSettings: strict),

    tests("QuotaCore", "TestSupport"),
    tests("CurlTransport", "QuotaCore", "TestSupport"),
    tests("DocuTrayAPI", "QuotaCore", "TestSupport"),
    tests("UsageStore", "QuotaCore", "TestSupport", grdb),
    tests("Notifiers", "QuotaCore", "CurlTransport", "TestSupport", crypto),
    tests("Reports", "QuotaCore", "TestSupport"),
    tests("Sandbox", "QuotaCore", "TestSupport", exclude: ["Client/vendor_client.py"]),
    tests("Pages", "QuotaCore"),
    tests(
      "WebServer", "Pages", "QuotaCore", "TestSupport", httpTypes, hummingbird, hummingbirdCore, logging, nioCore,
      nioEmbedded, nioHTTP1,
      nioHTTPTypes),
    tests("Generate"),
    tests(
      "quotawatch", "Demo", "QuotaCore", "QuotaService", "TestSupport", argumentParser, logging,
      exclude: ["Screens/Golden"]),
    tests(
      "QuotaService", "QuotaCore", "CurlTransport", "Notifiers", "Reports", "UsageStore", "Pages", "WebServer",
      "Sandbox",
      "Demo",
      "TestSupport", "quotawatch", httpTypes, logging, subprocess),
  ]
)
