package dev.wherry.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PkiCommandTest {

    @TempDir
    Path folder;

    private record Ran(int exitCode, String output) {}

    private Ran run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            int exitCode = Main.commandLine().execute(arguments);
            return new Ran(exitCode, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String root() {
        return folder.resolve("root").toString();
    }

    @Test
    void authorityIsInTheRootUnlessSaidOtherwise() {
        Ran init = run("--root", root(), "pki", "init", "--name", "build1.example.org");
        Ran issue = run(
                "--root",
                root(),
                "pki",
                "issue",
                "alice",
                "--role",
                "reader",
                "--out",
                folder.resolve("alice").toString());
        Ran list = run("pki", "list", "--dir", root() + "/pki");

        assertThat(init.exitCode()).isZero();
        assertThat(init.output())
                .startsWith("made an authority and the daemon's certificate for build1.example.org, localhost,");
        assertThat(issue.exitCode()).isZero();
        assertThat(folder.resolve("root/pki/cert.pem")).exists();
        assertThat(folder.resolve("alice")).isDirectoryContaining("glob:**/key.pem");
        assertThat(list.output().lines().map(line -> line.split(" +")[0])).containsExactly("NAME", "alice", "wherryd");
    }

    @Test
    void revocationIsListed() {
        run("--root", root(), "pki", "init");
        run(
                "--root",
                root(),
                "pki",
                "issue",
                "alice",
                "--role",
                "reader",
                "--out",
                folder.resolve("a").toString());

        assertThat(run("--root", root(), "pki", "revoke", "alice").output()).endsWith(" of alice\n");

        assertThat(run("--root", root(), "pki", "list").output()).containsPattern("alice .* revoked 20");
    }

    @Test
    void mistakesAreOneLine() {
        Ran early = run("--root", root(), "pki", "revoke", "alice");
        Ran role = run("pki", "issue", "alice", "--role", "king", "--out", "x", "--dir", root());
        Ran nothing = run("pki");

        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.output())
                .isEqualTo("wherryd: there is no authority in " + root() + "/pki: run wherryd pki init\n");
        assertThat(role.output())
                .isEqualTo("wherryd: \"king\" is not a role: choose one of admin, operator, builder, reader\n");
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.output()).startsWith("wherryd: pki needs a command: init, issue, revoke or list\n");
    }
}
