package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Git repositories. Of each one a bare copy is kept that holds the commits fetched so far, without their history; a
 * commit that is in it is not fetched again. A checkout is a repository of its own, made from that copy.
 */
@Singleton
public final class GitRepositories {

    private static final String NETWORK = "http:https:git";
    private static final String SSH = ":ssh";
    private static final String LOCAL = "file";

    private final Path mirrors;
    private final GitCommand git;
    private final Map<String, ReentrantLock> locks;

    @Inject
    public GitRepositories(Layout layout, FetchLimits limits) {
        Path home = layout.contexts().resolve("git");
        this(home.resolve("mirrors"), new GitCommand(home, limits), new ConcurrentHashMap<>());
    }

    GitRepositories(Path mirrors, GitCommand git, Map<String, ReentrantLock> locks) {
        this.mirrors = mirrors;
        this.git = git;
        this.locks = locks;
    }

    /** The same repositories for a client that lets git use its SSH agent. */
    public GitRepositories with(SshAgents agents) {
        return new GitRepositories(mirrors, git.with(agents), locks);
    }

    /** The protocols by which git may fetch a repository and its submodules. */
    private static String network(GitUrl url) {
        return url.isSsh() ? NETWORK + SSH : NETWORK;
    }

    /**
     * What a branch, tag or commit is now.
     *
     * @param commit its whole name
     * @param fetched what to ask the server for to get it
     */
    public record Commit(GitUrl url, String commit, String fetched) {}

    /**
     * Finds the commit that an address means. Asks the server, unless the address names the commit itself.
     *
     * @throws NotFoundException when the repository has no such branch or tag
     * @throws CorruptContentException when it is not the commit that it must be
     * @throws UnavailableException when git cannot reach it
     */
    public Commit resolve(GitUrl url) {
        Optional<String> whole = url.ref()
                .filter(GitUrl::isCommit)
                .or(() -> url.ref().isEmpty() ? url.checksum().filter(GitUrl::isCommit) : Optional.empty());
        Commit commit = whole.map(name -> new Commit(url, name, name)).orElseGet(() -> ask(url));
        url.checksum().filter(wanted -> !commit.commit().startsWith(wanted)).ifPresent(wanted -> {
            throw new CorruptContentException(
                    url.remote() + " should be at commit " + wanted + " but is at " + commit.commit());
        });
        return commit;
    }

    private Commit ask(GitUrl url) {
        String ref = url.ref().orElse("HEAD");
        String answer = git.run(
                folder(mirrors),
                network(url),
                what(url),
                watching(mirrors.resolve("none")),
                "ls-remote",
                "--",
                url.remote(),
                ref,
                ref + "^{}");
        Map<String, String> found = new HashMap<>();
        answer.lines()
                .map(line -> line.split("\t", 2))
                .filter(line -> line.length == 2)
                .forEach(line -> found.put(line[1], line[0]));
        // A branch goes before a tag of the same name, as it does for git checkout.
        for (String name : List.of(ref, "refs/heads/" + ref, "refs/tags/" + ref)) {
            String plain = found.get(name);
            String commit = found.getOrDefault(name + "^{}", plain);
            if (plain != null && GitUrl.isCommit(commit)) {
                return new Commit(url, commit, name);
            }
        }
        String hint = ref.matches("[0-9a-f]{4,39}") ? ": a commit is named by all of its 40 digits" : "";
        throw new NotFoundException("git ref", ref, url.remote() + " has no branch or tag \"" + ref + "\"" + hint);
    }

    /**
     * Puts the files of a commit into an empty folder.
     *
     * @param keepGitDir whether {@code .git} stays
     * @return the directory in it that the address means
     */
    public Path checkout(Commit commit, Path target, boolean keepGitDir, TransferListener arrival) {
        GitUrl url = commit.url();
        Path mirror = fetch(commit, arrival);
        String ref = ref(commit);
        run(target, LOCAL, url, target, "init", "-q", "--template=");
        run(target, LOCAL, url, target, "remote", "add", "origin", url.remote());
        run(target, LOCAL, url, target, "fetch", "-q", "--depth=1", "--no-tags", mirror.toString(), ref);
        run(target, LOCAL, url, target, "checkout", "-q", "-f", commit.commit(), "--");
        if (url.submodules() && Files.exists(target.resolve(".gitmodules"), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            run(
                    target,
                    network(url),
                    url,
                    target,
                    "submodule",
                    "--quiet",
                    "update",
                    "--init",
                    "--recursive",
                    "--depth=1");
        }
        try {
            Files.deleteIfExists(target.resolve(".git/FETCH_HEAD"));
            if (!keepGitDir) {
                removeGitDirs(target);
            }
            return subdirectory(url, target);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot check out " + url.remote(), failure);
        }
    }

    /** When a commit was made. */
    public Instant committed(Commit commit, TransferListener arrival) {
        Path mirror = fetch(commit, arrival);
        String seconds = git.run(
                mirror,
                LOCAL,
                what(commit.url()),
                watching(mirror),
                "show",
                "-s",
                "--format=%ct",
                commit.commit(),
                "--");
        return Instant.ofEpochSecond(Long.parseLong(seconds.strip()));
    }

    private static Path subdirectory(GitUrl url, Path target) throws IOException {
        if (url.subdirectory().isEmpty()) {
            return target;
        }
        Path found = new RootedPath(target).resolve(Path.of(url.subdirectory().get()));
        if (!Inodes.find(found).map(FileStatus::isDirectory).orElse(false)) {
            throw new InvalidInputException("\"" + url.subdirectory().get() + "\" is no directory of " + url.remote());
        }
        return found;
    }

    /** A submodule has a file of that name, which would point to nothing. */
    private static void removeGitDirs(Path target) throws IOException {
        FileTrees.remove(target.resolve(".git"));
        List<Path> pointers;
        try (Stream<Path> files = Files.walk(target)) {
            pointers = files.filter(file -> file.getFileName().toString().equals(".git"))
                    .toList();
        }
        for (Path pointer : pointers) {
            FileTrees.remove(pointer);
        }
    }

    /** Brings the commit into the copy of its repository. */
    private Path fetch(Commit commit, TransferListener arrival) {
        GitUrl url = commit.url();
        String name = Digest.sha256(url.remote()).hex();
        Path mirror = mirrors.resolve(name);
        ReentrantLock lock = locks.computeIfAbsent(name, _ -> new ReentrantLock());
        lock.lock();
        try {
            if (!Files.exists(mirror.resolve("HEAD"))) {
                git.run(folder(mirror), LOCAL, what(url), watching(mirror), "init", "-q", "--bare", "--template=");
            }
            if (!has(mirror, commit)) {
                var watched = new GitCommand.Watched(mirror, url.remote(), arrival);
                fetch(mirror, commit, watched);
                if (!has(mirror, commit)) {
                    throw new UnavailableException(url.remote() + " changed while it was fetched: build again");
                }
            }
            return mirror;
        } finally {
            lock.unlock();
        }
    }

    private void fetch(Path mirror, Commit commit, GitCommand.Watched watched) {
        String what = what(commit.url());
        String remote = commit.url().remote();
        String[] one = {
            "fetch", "-q", "--depth=1", "--no-tags", "--", remote, "+" + commit.fetched() + ":" + ref(commit)
        };
        try {
            git.run(mirror, network(commit.url()), what, watched, one);
        } catch (UnavailableException refused) {
            if (!GitUrl.isCommit(commit.fetched())) {
                throw refused;
            }
            // Not every server gives out a commit by its name alone: it is among all that it has.
            git.run(
                    mirror,
                    network(commit.url()),
                    what,
                    watched,
                    "fetch",
                    "-q",
                    "--no-tags",
                    "--",
                    remote,
                    "+refs/heads/*:refs/remote/heads/*",
                    "+refs/tags/*:refs/remote/tags/*");
            try {
                git.run(mirror, LOCAL, what, watching(mirror), "update-ref", ref(commit), commit.commit());
            } catch (UnavailableException absent) {
                throw new NotFoundException(
                        "git commit", commit.commit(), remote + " has no commit " + commit.commit());
            }
        }
    }

    private boolean has(Path mirror, Commit commit) {
        try {
            String found = git.run(
                    mirror,
                    LOCAL,
                    "",
                    watching(mirror),
                    "rev-parse",
                    "--verify",
                    "--quiet",
                    "--end-of-options",
                    ref(commit) + "^{commit}");
            return found.strip().equals(commit.commit());
        } catch (UnavailableException absent) {
            return false;
        }
    }

    private void run(Path directory, String protocols, GitUrl url, Path watched, String... arguments) {
        git.run(directory, protocols, what(url), watching(watched), arguments);
    }

    private static GitCommand.Watched watching(Path folder) {
        return new GitCommand.Watched(folder, "", (item, current, total) -> {});
    }

    private static String ref(Commit commit) {
        return "refs/wherry/" + commit.commit();
    }

    private static String what(GitUrl url) {
        return "git repository " + url.remote();
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make " + path, failure);
        }
    }
}
