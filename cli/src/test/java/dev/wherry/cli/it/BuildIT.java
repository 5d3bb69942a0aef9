package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each instruction does to the files and the configuration of the image. */
class BuildIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void configurationIsWhatTheInstructionsSay() throws IOException {
        Project project = Project.of(daemon, """
                # syntax of every kind
                FROM busybox
                ARG VERSION=1
                ENV A=b C="d e" \\
                    # a comment within
                    V=${VERSION}.0
                ENV OLD style value
                LABEL x=y "z w"=$A
                WORKDIR /work
                WORKDIR sub/$A
                EXPOSE 80 53/udp 8000-8001
                USER nobody:nogroup
                ENTRYPOINT ["/bin/echo", "one"]
                CMD ["two", "$A"]
                """);

        String id = project.id();

        assertThat(project.inspect(id, "{{json .Config.Env}}"))
                .isEqualTo(
                        "[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"A=b\",\"C=d e\",\"V=1.0\",\"OLD=style value\"]");
        assertThat(project.inspect(id, "{{json .Config.Labels}}")).isEqualTo("{\"x\":\"y\",\"z w\":\"b\"}");
        assertThat(project.inspect(id, "{{.Config.WorkingDir}} {{.Config.User}}"))
                .isEqualTo("/work/sub/b nobody:nogroup");
        assertThat(project.inspect(id, "{{json .Config.ExposedPorts}}"))
                .isEqualTo("{\"53/udp\":{},\"80/tcp\":{},\"8000/tcp\":{},\"8001/tcp\":{}}");
        assertThat(project.inspect(id, "{{json .Config.Entrypoint}} {{json .Config.Cmd}}"))
                .isEqualTo("[\"/bin/echo\",\"one\"] [\"two\",\"$A\"]");
        assertThat(daemon.wherry("run", "--rm", id).ok().stdout()).isEqualTo("one two $A\n");
        assertThat(daemon.wherry("run", "--rm", id, "three").ok().stdout()).isEqualTo("one three\n");
    }

    @Test
    void shellFormCommandsRunInAShell() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ENV WHO=world
                CMD echo "hello $WHO"
                """);

        String id = project.id();

        assertThat(project.inspect(id, "{{json .Config.Cmd}} {{json .Config.Entrypoint}}"))
                .isEqualTo("[\"/bin/sh\",\"-c\",\"echo \\\"hello $WHO\\\"\"] null");
        assertThat(daemon.wherry("run", "--rm", id).ok().stdout()).isEqualTo("hello world\n");
    }

    @Test
    void newEntrypointDropsTheCommandOfTheBase() throws IOException {
        Project.of(daemon, "FROM busybox\nCMD [\"base\"]\n").id("-t", "with-cmd");
        Project project = Project.of(daemon, "FROM with-cmd\nENTRYPOINT [\"echo\"]\n");

        assertThat(project.inspect(project.id(), "{{json .Config.Cmd}}")).isEqualTo("null");
    }

    @Test
    void runSeesEnvironmentDirectoryAndUser() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ARG NUMBER=1
                ARG UNSET
                ENV NAME=value
                WORKDIR /tmp/dir
                RUN echo "$NUMBER ${UNSET:-none} $NAME $(pwd) $(id -u):$(id -g) $HOME" > /root.txt
                RUN ["sh", "-c", "echo exec $NAME > /exec.txt"]
                USER nobody
                RUN id -un > /tmp/user.txt && echo "$HOME" >> /tmp/user.txt
                USER 12:34
                RUN echo "$(id -u):$(id -g)" > /tmp/numbers.txt
                USER root
                RUN rm /etc/group; \\
                    mkdir /new && touch /new/file
                """).file("unused", "");
        Files.setPosixFilePermissions(project.path("unused"), PosixFilePermissions.fromString("rw-------"));

        String id = project.id();

        assertThat(project.shell(
                        id, "cat /root.txt /exec.txt /tmp/user.txt /tmp/numbers.txt; ls /etc/group /new 2>&1; true"))
                .isEqualTo("""
                        1 none value /tmp/dir 0:0 /root
                        exec value
                        nobody
                        /
                        12:34
                        ls: /etc/group: No such file or directory
                        /new:
                        file""");
    }

    @Test
    void runThatChangesNothingAddsNothing() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nRUN true\n");

        String id = project.id();

        assertThat(project.inspect(id, "{{len .RootFS.Layers}}")).isEqualTo("2");
        assertThat(daemon.wherry("history", "--format", "{{.CreatedBy}} {{.Size}}", id)
                        .ok()
                        .stdout())
                .startsWith("RUN /bin/sh -c true # buildkit 0B\n");
        assertThat(project.inspect(id, "{{index .RootFS.Layers 1}}")).isEqualTo(EMPTY_LAYER);
    }

    /** Digest of a tar of nothing but its end, 1024 zero bytes. */
    private static final String EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    @Test
    void copyKeepsModesLinksAndTimesAndGivesFilesToRoot() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                COPY src /data
                COPY src/a.txt /renamed
                COPY src/a.txt src/setuid /both/
                COPY src/*.txt ./wild/
                ADD src/a.txt /added
                """)
                .file("src/a.txt", "a")
                .file("src/deep/er/b.txt", "b")
                .file("src/setuid", "s");
        Files.createSymbolicLink(project.path("src/link"), Path.of("a.txt"));
        Files.createSymbolicLink(project.path("src/dangling"), Path.of("/nowhere"));
        Files.createLink(project.path("src/hard"), project.path("src/a.txt"));
        Files.createFile(project.path("src/empty"));
        Files.createDirectory(project.path("src/empty-dir"));
        Files.writeString(project.path("src/name with \"quotes\" ümläut\n"), "odd");
        Host.sh(project.folder(), """
                chown -R 1234:5678 src; chmod 4755 src/setuid; chmod 640 src/a.txt; chmod 1777 src/empty-dir
                printf bytes > "src/$(printf '\\377\\376')"; truncate -s 20M src/sparse; touch -d @1000000000 src/empty""");

        String id = project.id();

        assertThat(project.shell(
                        id,
                        "cd /data; stat -c '%n %a %u:%g %s %F' a.txt deep deep/er/b.txt setuid link dangling hard"
                                + " empty empty-dir sparse; stat -c %Y empty; readlink link; readlink dangling; cat n*; cat ?? \n"
                                + "ls /both /wild; cmp hard /renamed && ls -l /added | cut -c1-10"))
                .isEqualTo("""
                        a.txt 640 0:0 1 regular file
                        deep 755 0:0 4096 directory
                        deep/er/b.txt 644 0:0 1 regular file
                        setuid 4755 0:0 1 regular file
                        link 777 0:0 5 symbolic link
                        dangling 777 0:0 8 symbolic link
                        hard 640 0:0 1 regular file
                        empty 644 0:0 0 regular empty file
                        empty-dir 1777 0:0 4096 directory
                        sparse 644 0:0 20971520 regular file
                        1000000000
                        a.txt
                        /nowhere
                        oddbytes/both:
                        a.txt
                        setuid

                        /wild:
                        a.txt
                        -rw-r-----""");
    }

    @Test
    void copyGivesOwnerAndModeAskedFor() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ARG OWNER=nobody
                COPY --chown=$OWNER:nogroup --chmod=0600 f /by-name
                COPY --chown=12 f /by-number
                COPY --chown=12:34 d /dir
                WORKDIR /home/of/root
                USER nobody
                COPY f /as-root
                WORKDIR /made
                """).file("f", "f").file("d/f", "f");

        String id = project.id();

        assertThat(project.shell(id, "cd /; stat -c '%n %a %u:%g' by-name by-number dir dir/f as-root /home/of /made"))
                .isEqualTo("""
                        by-name 600 65534:65534
                        by-number 644 12:12
                        dir 755 12:34
                        dir/f 644 12:34
                        as-root 644 0:0
                        /home/of 755 0:0
                        /made 755 65534:65534""");
    }

    @Test
    void stagesAndImagesAreSourcesOfFiles() throws IOException {
        Project.of(daemon, "FROM scratch\nCOPY f /from-image\n")
                .file("f", "image")
                .id("-t", "other");
        Project project = Project.of(daemon, """
                ARG BASE=busybox
                FROM ${BASE} AS first
                ARG BASE
                RUN echo "first $BASE" > /first
                FROM first AS second
                RUN echo second >> /first
                FROM scratch AS unused
                COPY missing /
                FROM busybox
                COPY --from=first /first /one
                COPY --from=1 /first /two
                COPY --from=other /from-image /
                """);

        String id = project.id();

        assertThat(project.shell(id, "cat /one /two /from-image"))
                .isEqualTo("first busybox\nfirst busybox\nsecond\nimage");
        assertThat(project.inspect(project.id("--target", "second"), "{{len .RootFS.Layers}}"))
                .isEqualTo("3");
        assertThat(project.build("--target", "nosuch").exits(1).stderr()).contains("nosuch");
    }

    @Test
    void ignoredFilesAreNotThere() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nCOPY . /c/\n")
                .file(".dockerignore", "# no logs\n*.log\nsub/*\n!sub/keep\n**/deep.tmp\n/Dockerfile\n")
                .file("a.log", "")
                .file("a.txt", "")
                .file("sub/keep", "")
                .file("sub/drop", "")
                .file("x/y/deep.tmp", "")
                .file("x/b.log", "");

        assertThat(project.shell(project.id(), "cd /c; find . -type f | sort"))
                .isEqualTo("./.dockerignore\n./a.txt\n./sub/keep\n./x/b.log");
    }

    @Test
    void dockerfileHasAnIgnoreFileOfItsOwn() throws IOException {
        Project project = Project.of(daemon, "")
                .file("b.Dockerfile", "FROM busybox\nCOPY . /c/\n")
                .file("b.Dockerfile.dockerignore", "*\n!b\n")
                .file(".dockerignore", "b\n")
                .file("a", "")
                .file("b", "");

        assertThat(project.shell(project.id("-f", "b.Dockerfile"), "ls /c")).isEqualTo("b");
    }

    @Test
    void historyTellsTheInstructions() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                COPY --chown=1:1 f /f
                RUN echo hi
                WORKDIR /w
                CMD ["x"]
                """).file("f", "12345");

        String id = project.id();

        assertThat(daemon.wherry("history", "--no-trunc", "--format", "{{.CreatedBy}}|{{.Size}}", id)
                        .ok()
                        .stdout())
                .startsWith(
                        "CMD [\"x\"]|0B\nWORKDIR /w|0B\nRUN /bin/sh -c echo hi # buildkit|0B\nCOPY --chown=1:1 f /f # buildkit|5B\n");
    }

    @Test
    void unknownInstructionsAreRefusedWithTheirPlace() throws IOException {
        assertThat(Project.of(daemon, "FROM busybox\nCOPPY a b\n")
                        .build()
                        .exits(1)
                        .stderr())
                .contains("Dockerfile:2:1: ")
                .contains("COPPY")
                .contains("COPY");
    }
}
