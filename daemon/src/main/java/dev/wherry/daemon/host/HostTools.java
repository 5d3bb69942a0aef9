package dev.wherry.daemon.host;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Looks for the programs that the daemon drives: on {@code PATH}, where a system administrator's programs are, and where
 * Debian puts those that only engines call. Their versions are asked once; one that is missing is looked for each time,
 * since it may be installed meanwhile.
 */
@Singleton
public final class HostTools {

    private record Wanted(String name, String debianPackage, String purpose) {}

    /** One of them is enough. */
    private static final Set<String> RUNTIMES = Set.of("runc", "crun");

    private static final List<Wanted> WANTED = List.of(
            new Wanted("runc", "runc", "run containers and RUN steps"),
            new Wanted("crun", "crun", "run containers and RUN steps"),
            new Wanted("conmon", "conmon", "run containers"),
            new Wanted("netavark", "netavark", "connect containers to networks"),
            new Wanted("aardvark-dns", "aardvark-dns", "resolve names between containers"),
            new Wanted("iptables", "iptables", "publish ports"),
            new Wanted("nft", "nftables", "publish ports"),
            new Wanted("git", "git", "build from git repositories"));

    private static final List<Path> BESIDE_PATH = Stream.of(
                    "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/podman", "/usr/libexec/podman")
            .map(Path::of)
            .toList();

    private volatile List<HostTool> complete;

    /** All tools, found and missing; of the OCI runtimes those that are there, or else the usual one as missing. */
    public List<HostTool> all() {
        List<HostTool> known = complete;
        if (known != null) {
            return known;
        }
        List<HostTool> found = withoutOtherRuntimes(WANTED.stream()
                .gather(Gatherers.mapConcurrent(WANTED.size(), HostTools::look))
                .toList());
        if (found.stream().allMatch(tool -> tool.path().isPresent())) {
            complete = found;
        }
        return found;
    }

    /** What to do about those that are missing. */
    public List<String> remedies() {
        return all().stream()
                .map(HostTool::remedy)
                .filter(remedy -> !remedy.isEmpty())
                .toList();
    }

    static List<HostTool> withoutOtherRuntimes(List<HostTool> tools) {
        List<HostTool> runtimes =
                tools.stream().filter(tool -> RUNTIMES.contains(tool.name())).toList();
        List<HostTool> others = runtimes.stream()
                .filter(tool -> tool.path().isEmpty())
                .skip(runtimes.stream().allMatch(tool -> tool.path().isEmpty()) ? 1 : 0)
                .toList();
        return tools.stream().filter(tool -> !others.contains(tool)).toList();
    }

    /** Where a program is, given by name or by path. */
    public static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        Stream<Path> onPath = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        return Stream.concat(onPath, BESIDE_PATH.stream())
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static HostTool look(Wanted wanted) {
        Optional<Path> path = find(wanted.name());
        String remedy = path.isPresent()
                ? ""
                : wanted.name() + " is missing, so the daemon cannot " + wanted.purpose() + ": apt-get install "
                        + wanted.debianPackage();
        return new HostTool(wanted.name(), path, path.map(HostTools::version).orElse(""), remedy);
    }

    private static String version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try (var output = process.inputReader(StandardCharsets.UTF_8)) {
                String line = output.readLine();
                return line == null ? "" : line.strip();
            } finally {
                if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException unusable) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
