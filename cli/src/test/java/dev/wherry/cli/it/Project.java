package dev.wherry.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder with a Dockerfile, as a user has it, and the daemon that builds it. */
record Project(Daemon daemon, Path folder) {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Pattern TITLE = Pattern.compile("#(\\d+) \\[.*?] (.*)");
    private static final Pattern END = Pattern.compile("#(\\d+) (CACHED|DONE|ERROR).*");

    /** A new folder in the daemon's home, with this Dockerfile. */
    static Project of(Daemon daemon, String dockerfile) throws IOException {
        Project project = new Project(daemon, Files.createTempDirectory(daemon.home(), "project-"));
        return project.file("Dockerfile", dockerfile);
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Writes a file, and the folders it is in. */
    Project file(String name, String text) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.writeString(path(name), text);
        return this;
    }

    /** Builds the folder in plain progress. */
    Outcome build(String... options) {
        return wherry(Stream.concat(Stream.of("build", "--progress", "plain"), Stream.of(options)), ".");
    }

    /** Builds the folder, which must succeed, and gives the id of the image. */
    String id(String... options) {
        return wherry(Stream.concat(Stream.of("build", "-q"), Stream.of(options)), ".")
                .ok()
                .line();
    }

    /** What a shell in a new container of an image writes. */
    String shell(String image, String script) {
        return daemon.wherry("run", "--rm", "--entrypoint", "sh", image, "-c", script)
                .ok()
                .line();
    }

    /** A part of the image's configuration. */
    String inspect(String image, String template) {
        return daemon.wherry("image", "inspect", "-f", template, image).ok().line();
    }

    /** Builds in a mount namespace where the folder has another path, which leads elsewhere for the daemon. */
    Outcome buildElsewhere(Daemon other, String... options) throws IOException {
        Path seen = Files.createDirectories(other.home().resolve("seen-" + folder().getFileName()));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-ec",
                "mount --bind \"$1\" \"$2\"; cd \"$2\"; shift 2; exec \"$@\" .",
                "sh",
                folder().toString(),
                seen.toString(),
                System.getProperty("wherry.cli"),
                "build"));
        command.addAll(List.of(options));
        ProcessBuilder client = new ProcessBuilder(command);
        client.environment().put("WHERRY_HOST", "unix://" + other.socket());
        return Outcome.of(command, client.start(), Duration.ofSeconds(60));
    }

    private Outcome wherry(Stream<String> arguments, String context) {
        List<String> all = new ArrayList<>(arguments.toList());
        if (all.stream().noneMatch(argument -> argument.equals("-"))) {
            all.add(context);
        }
        return daemon.wherry(LIMIT, folder, all.toArray(String[]::new));
    }

    /** How each step of a build in plain progress ended, in the order of the Dockerfile: {@code "CACHED COPY . /app"}. */
    static List<String> steps(Outcome build) {
        Map<Integer, String> titles = new TreeMap<>();
        Map<Integer, String> ends = new LinkedHashMap<>();
        build.stderr().lines().forEach(line -> {
            Matcher end = END.matcher(line);
            Matcher title = TITLE.matcher(line);
            if (end.matches()) {
                ends.put(Integer.valueOf(end.group(1)), end.group(2));
            } else if (title.matches()) {
                titles.put(Integer.valueOf(title.group(1)), title.group(2));
            }
        });
        return titles.entrySet().stream()
                .map(step -> ends.get(step.getKey()) + " " + step.getValue())
                .toList();
    }
}
