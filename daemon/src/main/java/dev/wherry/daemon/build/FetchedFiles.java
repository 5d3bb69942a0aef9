package dev.wherry.daemon.build;

import dev.wherry.daemon.build.source.Downloads;
import dev.wherry.daemon.build.source.GitRepositories;
import dev.wherry.daemon.build.source.Staging;
import dev.wherry.daemon.metadata.Leases;
import jakarta.inject.Singleton;

/** Where ADD gets what it fetches. */
@Singleton
record FetchedFiles(Downloads downloads, GitRepositories repositories, Staging staging, Leases leases) {}
