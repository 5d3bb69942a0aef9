package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.CgroupUsage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The processes of a container, as the host's ps lists them. */
@Singleton
public final class ContainerProcesses {

    private static final List<String> USUAL = List.of("-ef");
    /** A column under another name could not be found again. */
    private static final Pattern RENAMED_PID = Pattern.compile("\\bpid\\s*=", Pattern.CASE_INSENSITIVE);

    private static final int LARGEST_LIST = 16 << 20;
    private static final int SECONDS = 20;

    private final Containers containers;
    private final ContainerActivity activity;

    ContainerProcesses(Containers containers, ContainerActivity activity) {
        this.activity = activity;
        this.containers = containers;
    }

    /** Columns, and a row for each process. */
    public record Listing(List<String> titles, List<List<String>> rows) {}

    /**
     * Lists the processes of a running container.
     *
     * @param arguments of ps; empty for "-ef". What they show must have the column PID.
     * @throws ConflictException when the container does not run
     */
    public Listing list(String container, List<String> arguments) {
        Container found = containers.get(container);
        if (!found.state().isAlive()) {
            throw new ConflictException("Container " + found.name() + " is not running");
        }
        activity.tell(found, "top", Map.of());
        List<String> given = arguments.isEmpty() ? USUAL : arguments;
        if (RENAMED_PID.matcher(" " + String.join(" ", given)).find()) {
            throw new InvalidInputException("the column PID must keep its name: leave out \"pid=\" of the ps options");
        }
        List<Integer> pids = CgroupUsage.of(found.id(), found.pid()).processes();
        String selection = "-q" + pids.stream().map(String::valueOf).collect(Collectors.joining(","));
        List<String> selected = new ArrayList<>(given);
        selected.add(selection);
        // Not all options go together with a selection; those that do not show all of the host's.
        Output output = ps(selected);
        return parse(output.code() == 0 ? output : ps(given), pids);
    }

    private static Listing parse(Output output, List<Integer> pids) {
        if (output.code() != 0) {
            throw new InvalidInputException(
                    "ps: " + output.text().lines().findFirst().orElse("it failed without a word"));
        }
        String[] lines = output.text().split("\n");
        List<String> titles = Arrays.asList(lines[0].strip().split("\\s+"));
        int column = titles.indexOf("PID");
        if (column < 0) {
            throw new InvalidInputException("Couldn't find PID field in ps output");
        }
        List<List<String>> rows = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            String[] fields = line.strip().split("\\s+", titles.size());
            if (fields.length > column && pids.contains(number(fields[column]))) {
                rows.add(Arrays.asList(fields));
            }
        }
        return new Listing(titles, rows);
    }

    private static int number(String field) {
        return field.matches("[0-9]{1,9}") ? Integer.parseInt(field) : -1;
    }

    private record Output(int code, String text) {}

    private static Output ps(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("ps"));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectInput(new java.io.File("/dev/null"));
            builder.environment().keySet().retainAll(List.of("PATH"));
            // Wide enough that no command is cut off.
            builder.environment().put("COLUMNS", "100000");
            Process ps = builder.start();
            try (var out = ps.getInputStream()) {
                byte[] bytes = out.readNBytes(LARGEST_LIST);
                if (!ps.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    ps.destroyForcibly();
                }
                return new Output(ps.waitFor(), new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (IOException failure) {
            throw new HostException("cannot run ps: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HostException("ps was interrupted", interrupted);
        }
    }
}
