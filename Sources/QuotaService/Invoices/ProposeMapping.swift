package import QuotaCore
import Reports

/// Proposes mappings.
package struct ProposeMapping: Sendable {
  let configuration: Configuration

  /// Proposes a mapping for a file of invoices, by its header and its first rows.
  ///
  /// - Parameters:
  ///   - sheet: of a workbook, instead of its first.
  ///   - destination: a file that is not there yet; nil writes none.
  package func callAsFunction(_ path: String, sheet: String?, to destination: String?) throws -> MappingProposal {
    let bytes = try Self.bytes(of: path)
    let proposal: MappingProposal
    do throws(MappingProposal.Problem) {
      proposal = try MappingProposal(
        bytes, organizations: Set(configuration.organizations.map(\.organization.id)), sheet: sheet,
        inflate: Inflater.inflate)
    } catch {
      throw ServiceError(.badData, "\(path): \(error.message)")
    }
    if let destination {
      do throws(FileFailure) {
        try NewFile.write(
          Array("\(proposal.mapping.indented())\n".utf8), to: destination, mode: 0o644, replacing: false)
      } catch {
        throw ServiceError(.inputOutput, "cannot write \(destination): \(error.message)")
      }
    }
    return proposal
  }

  /// How large a file may be, in bytes.
  private static let largestFile = 1 << 30

  private static func bytes(of path: String) throws -> [UInt8] {
    do throws(FileFailure) {
      return try LocalFile(named: path).contents(atMost: largestFile)
    } catch {
      throw ServiceError(.inputOutput, "cannot read \(path): \(error.message)")
    }
  }
}
