package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildMethod;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} that evaluate a Dockerfile without building it. */
public final class CallFlags {
    private static final String FORMAT = "format=";

    @Option(
            names = "--call",
            paramLabel = "build|check|outline|targets",
            description = "Set method for evaluating the build (default \"build\"); add ,format=json for JSON")
    private String call = "build";

    @Option(names = "--check", description = "Shorthand for --call=check: evaluate the build checks only")
    private boolean check;

    /** What is asked; {@code UNSPECIFIED} for an image. */
    public BuildMethod method() {
        String name = parts().getFirst();
        return switch (name) {
            case "build", "" -> BuildMethod.BUILD_METHOD_UNSPECIFIED;
            case "check", "lint" -> BuildMethod.BUILD_METHOD_CHECK;
            case "outline" -> BuildMethod.BUILD_METHOD_OUTLINE;
            case "targets" -> BuildMethod.BUILD_METHOD_TARGETS;
            default -> throw new Failure("build: --call must be build, check, outline or targets, not " + name);
        };
    }

    /** Whether the answer is JSON. */
    public boolean json() {
        boolean json = false;
        for (String option : parts().subList(1, parts().size())) {
            json = switch (option) {
                case FORMAT + "json" -> true;
                case FORMAT + "text", FORMAT -> false;
                default -> throw new Failure("build: --call takes format=json after the comma, not " + option);
            };
        }
        return json;
    }

    private List<String> parts() {
        return check ? List.of("check") : List.of(call.split(",", -1));
    }
}
