package dev.wherry.cli.app;

import java.util.List;

/**
 * Runs what users run most, once, while the build records which classes that needs. The recording becomes the AOT cache
 * (JEP 483) that later starts begin with; nothing else calls this.
 */
final class Training {

    private static final List<String> COMMANDS =
            List.of("--help", "run --help", "version", "info", "images", "ps -a", "inspect absent", "rmi absent");

    private Training() {}

    public static void main(String[] none) {
        for (String command : COMMANDS) {
            Main.run(command.split(" "));
        }
        System.exit(0);
    }
}
