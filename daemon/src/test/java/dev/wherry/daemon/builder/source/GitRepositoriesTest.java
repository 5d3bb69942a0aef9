package dev.wherry.daemon.builder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that git reaches by ssh: a stand-in for ssh runs what git asks for on this host. */
class GitRepositoriesTest {

    @TempDir
    Path folder;

    private Path calls;
    private GitRepositories repositories;
    private boolean closed;

    @BeforeEach
    void makeRepository() throws Exception {
        Path work = Files.createDirectory(folder.resolve("repository"));
        git(work, "init", "-q", "-b", "main");
        Files.writeString(work.resolve("file"), "content");
        git(work, "add", "file");
        git(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--date=@5 +0000", "-m", "x");
        calls = folder.resolve("calls");
        Path ssh = Files.writeString(folder.resolve("ssh"), """
                #!/bin/sh
                echo "$SSH_AUTH_SOCK $*" >> %s
                for last; do :; done
                exec sh -c "$last"
                """.formatted(calls));
        Files.setPosixFilePermissions(ssh, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        FetchLimits limits = new FetchLimits(1 << 20, 1000, Duration.ofSeconds(30));
        GitCommand git = new GitCommand(folder.resolve("home"), limits, ssh.toString(), SshAgents.NONE);
        repositories = new GitRepositories(folder.resolve("mirrors"), git, new ConcurrentHashMap<>());
    }

    private static void git(Path work, String... arguments) throws Exception {
        ProcessBuilder git = new ProcessBuilder(
                        Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
                .directory(work.toFile())
                .inheritIO();
        git.environment().put("GIT_COMMITTER_DATE", "@1600000000 +0000");
        assertThat(git.start().waitFor()).isZero();
    }

    private final class Agent implements SshAgents.Agent {
        @Override
        public Path path() {
            return Path.of("/agent");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private GitUrl url() {
        return GitUrl.parse("ssh://git@host.example" + folder.resolve("repository") + "#main");
    }

    @Test
    void sshIsGivenTheAgentOfTheClientAndNoKeyOfTheDaemon() throws IOException {
        GitRepositories ofClient = repositories.with(() -> Optional.of(new Agent()));
        GitRepositories.Commit commit = ofClient.resolve(url());
        Path checkout = Files.createDirectory(folder.resolve("checkout"));
        ofClient.checkout(commit, checkout, false, (_, _, _) -> {});

        assertThat(checkout.resolve("file")).hasContent("content");
        assertThat(ofClient.committed(commit, (_, _, _) -> {})).isEqualTo(Instant.ofEpochSecond(1_600_000_000));
        List<String> called = Files.readAllLines(calls);
        assertThat(called)
                .hasSize(2)
                .allMatch(line -> line.startsWith("/agent -F /dev/null "))
                .allMatch(line -> line.contains("-o IdentityFile=none") && line.contains("git@host.example"));
        assertThat(closed).isTrue();
    }

    @Test
    void withoutAnAgentTheFlagIsNamed() {
        assertThatThrownBy(() -> repositories.resolve(url()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("ssh needs the keys of an agent: give the build the SSH agent \"default\"");
    }
}
