package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds stages by what a client or an instruction calls them: a name in any case, or a number. */
public final class StageLookup {

    private static final int MAX_DIGITS = 5;

    private final List<Stage> stages;

    public StageLookup(Dockerfile dockerfile) {
        this.stages = dockerfile.stages();
    }

    /** The last stage of that name, or the one of that number, among the first {@code before}. */
    public Optional<Stage> named(String name, int before) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (int i = before - 1; i >= 0; i--) {
            if (stages.get(i).name().equals(Optional.of(wanted))) {
                return Optional.of(stages.get(i));
            }
        }
        boolean number = !wanted.isEmpty()
                && wanted.length() <= MAX_DIGITS
                && wanted.chars().allMatch(c -> c >= '0' && c <= '9');
        return number && Integer.parseInt(wanted) < before
                ? Optional.of(stages.get(Integer.parseInt(wanted)))
                : Optional.empty();
    }

    /**
     * The stage that is built: the last, unless the client names one.
     *
     * @throws InvalidInputException when there is no such stage
     */
    public Stage target(Optional<String> target) {
        return target.map(name -> required("target stage", name)).orElse(stages.getLast());
    }

    /** @throws InvalidInputException when there is no such stage; the message names those that there are */
    Stage required(String what, String name) {
        return named(name, stages.size()).orElseThrow(() -> {
            List<String> names =
                    stages.stream().flatMap(stage -> stage.name().stream()).toList();
            return new InvalidInputException(what + " \"" + name + "\" is not in "
                    + stages.getFirst().from().position().file()
                    + Suggestion.nearest(name, names)
                            .map(near -> ": did you mean \"" + near + "\"?")
                            .orElse(names.isEmpty() ? ": it names no stage" : ": it has " + String.join(", ", names)));
        });
    }

    /** What progress calls a stage. */
    static String display(Stage stage) {
        return stage.name().orElse("stage-" + stage.index());
    }
}
