package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.copy.FetchRules;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A stage whose only file has the time that SOURCE_DATE_EPOCH means: it begins from scratch and has one ADD of one URL or
 * git repository, and else nothing but ARG (BuildKit's frontend 1.26).
 *
 * @param address what it fetches
 */
public record SourceDateStage(String address, FetchRules rules) {

    /**
     * @param given build arguments of the client
     * @param globals what a FROM line sees
     * @throws DockerfileException when the stage is another one
     */
    public static SourceDateStage of(Stage stage, Map<String, String> given, Scope globals) {
        if (!stage.from().image().expand(globals).equals(From.SCRATCH)) {
            throw other(stage.from());
        }
        Map<String, String> arguments = new HashMap<>();
        Scope scope = name -> Optional.ofNullable(arguments.get(name)).or(() -> globals.get(name));
        Optional<SourceDateStage> found = Optional.empty();
        for (Instruction instruction : stage.instructions()) {
            if (instruction instanceof Arg arg) {
                for (Arg.Declaration declaration : arg.declarations()) {
                    String name = declaration.name().expand(scope);
                    Optional.ofNullable(given.get(name))
                            .or(() -> declaration.defaultValue().map(word -> word.expand(scope)))
                            .ifPresent(value -> arguments.put(name, value));
                }
            } else if (instruction instanceof Add add
                    && found.isEmpty()
                    && add.documents().isEmpty()) {
                found = add.sources().size() == 1
                        ? FetchRules.of(add, scope)
                                .map(rules -> new SourceDateStage(
                                        add.sources().getFirst().expand(scope), rules))
                        : Optional.empty();
                found.orElseThrow(() -> other(instruction));
            } else {
                throw other(instruction);
            }
        }
        return found.orElseThrow(() -> other(stage.from()));
    }

    private static DockerfileException other(Instruction instruction) {
        return new DockerfileException(
                instruction.position(),
                instruction.source(),
                "the stage that SOURCE_DATE_EPOCH names must be FROM scratch with one ADD of one URL or git repository,"
                        + " and else nothing but ARG");
    }
}
