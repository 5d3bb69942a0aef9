package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.copy.FetchRules;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.plan.BuildArguments;
import dev.wherry.daemon.builder.plan.SourceDate;
import dev.wherry.daemon.builder.plan.SourceDateStage;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Platform;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The build argument SOURCE_DATE_EPOCH (BuildKit, "Build reproducibility"): the client's value, or else the default that
 * the Dockerfile declares before its first FROM. A number of seconds is the date; {@code context}, the name of a build
 * context and that of a {@linkplain SourceDateStage stage} mean the time of a commit, of a file on the web, or of the
 * newest file of an archive. A directory has no such time, and the argument is then as if it were not given.
 */
public final class SourceDateArgument {

    private static final String CONTEXT = "context";

    private final Dockerfile dockerfile;
    private final BuildOptions options;

    public SourceDateArgument(Dockerfile dockerfile, BuildOptions options) {
        this.dockerfile = dockerfile;
        this.options = options;
    }

    /**
     * The options with the date, and with its number as the value of the argument.
     *
     * @param main the time of the main context, if it has one
     * @param times finds the time of what an ADD fetches
     * @throws DockerfileException when the Dockerfile's default means no date
     * @throws InvalidInputException when the client's value means none, or one is needed and there is none
     */
    public BuildOptions resolve(
            Optional<Instant> main, NamedContexts named, BiFunction<String, FetchRules, Optional<Instant>> times) {
        SourceDate date = options.output().date().at(date(main, named, times));
        Map<String, String> arguments = new HashMap<>(options.buildArgs());
        arguments.remove(SourceDate.ARGUMENT);
        date.epoch().ifPresent(epoch -> arguments.put(SourceDate.ARGUMENT, Long.toString(epoch.getEpochSecond())));
        return new BuildOptions(
                options.dockerfile(),
                options.dockerfileContent(),
                options.target(),
                arguments,
                options.platforms(),
                options.cache(),
                options.run(),
                options.output().withDate(date),
                options.explain());
    }

    private Optional<Instant> date(
            Optional<Instant> main, NamedContexts named, BiFunction<String, FetchRules, Optional<Instant>> times) {
        String value = value();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.equals(CONTEXT)) {
            return main;
        }
        Optional<Instant> number = SourceDate.parse(value);
        if (number.isPresent()) {
            return number;
        }
        Optional<NamedContexts.Source> context = named.find(value);
        if (context.isPresent()) {
            return switch (context.get()) {
                case NamedContexts.Source.Directory directory ->
                    directory.context().date();
                case NamedContexts.Source.Layout _, NamedContexts.Source.Image _ -> Optional.empty();
            };
        }
        Stage stage = dockerfile.stages().stream()
                .filter(one -> one.name().filter(value::equalsIgnoreCase).isPresent())
                .findFirst()
                .orElseThrow(() -> invalid(value));
        SourceDateStage source = SourceDateStage.of(stage, options.buildArgs(), globals());
        return times.apply(source.address(), source.rules());
    }

    private Scope globals() {
        BuildArguments arguments = new BuildArguments(options.buildArgs(), Platform.host(), Platform.host(), "default");
        arguments.declareGlobals(dockerfile.globalArgs());
        return arguments.globalScope();
    }

    private String value() {
        String given = options.buildArgs().get(SourceDate.ARGUMENT);
        if (given != null) {
            return given;
        }
        if (declared().isEmpty()) {
            return "";
        }
        return globals().get(SourceDate.ARGUMENT).orElse("");
    }

    private Optional<Position> declared() {
        return dockerfile.globalArgs().stream()
                .flatMap(arg -> arg.declarations().stream())
                .filter(declaration -> declaration.name().raw().equals(SourceDate.ARGUMENT))
                .map(Arg.Declaration::name)
                .map(name -> name.position())
                .reduce((_, last) -> last);
    }

    private RuntimeException invalid(String value) {
        String message = "invalid " + SourceDate.ARGUMENT + " \"" + value
                + "\": give seconds since 1970, such as 1700000000, or context, or the name of a stage or build context";
        boolean given = options.buildArgs().containsKey(SourceDate.ARGUMENT);
        return declared()
                .filter(_ -> !given)
                .<RuntimeException>map(position -> new DockerfileException(position, value, message))
                .orElseGet(() -> new InvalidInputException(message));
    }
}
