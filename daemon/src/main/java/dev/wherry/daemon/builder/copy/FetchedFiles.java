package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.source.Downloads;
import dev.wherry.daemon.builder.source.GitRepositories;
import dev.wherry.daemon.builder.source.GitUrl;
import dev.wherry.daemon.builder.source.SshAgents;
import dev.wherry.daemon.builder.source.StagingFolders;
import dev.wherry.daemon.metadata.Leases;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** Where ADD gets what it fetches. */
@Singleton
public record FetchedFiles(Downloads downloads, GitRepositories repositories, StagingFolders staging, Leases leases) {

    /** The time of what ADD would fetch: of a commit, or of a file on the web or the newest in an archive, if it has one. */
    public Optional<Instant> time(String source, FetchRules rules) {
        if (GitUrl.isOne(source)) {
            GitUrl url = GitUrl.parse(source);
            return Optional.of(repositories.committed(
                    repositories.resolve(rules.commit().map(url::withChecksum).orElse(url)), (_, _, _) -> {}));
        }
        try (Leases.Lease lease = leases.open()) {
            return downloads.time(downloads.find(source, rules.file(), lease, (_, _, _) -> {}), lease);
        }
    }

    /** The same for a client that lets git use its SSH agent. */
    public FetchedFiles with(SshAgents agents) {
        return new FetchedFiles(downloads, repositories.with(agents), staging, leases);
    }
}
