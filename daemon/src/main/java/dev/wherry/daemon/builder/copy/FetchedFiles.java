package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.source.Downloads;
import dev.wherry.daemon.builder.source.GitRepositories;
import dev.wherry.daemon.builder.source.SshAgents;
import dev.wherry.daemon.builder.source.StagingFolders;
import dev.wherry.daemon.metadata.Leases;
import jakarta.inject.Singleton;

/** Where ADD gets what it fetches. */
@Singleton
public record FetchedFiles(Downloads downloads, GitRepositories repositories, StagingFolders staging, Leases leases) {

    /** The same for a client that lets git use its SSH agent. */
    public FetchedFiles with(SshAgents agents) {
        return new FetchedFiles(downloads, repositories.with(agents), staging, leases);
    }
}
