package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a check has to know besides the Dockerfile.
 *
 * @param stages which stages are to be checked for what their instructions do; how they are written is always checked
 * @param buildArgs the values that the client gives
 * @param globals what a FROM line sees
 * @param defaults what a FROM line sees when the client gives no build argument
 * @param bases the base image of a name, when it is known without asking a registry
 * @param isImageName whether a text can name an image
 * @param ignored the patterns of the context, asked for when a rule needs them
 */
public record CheckContext(
        Predicate<Stage> stages,
        Map<String, String> buildArgs,
        Scope globals,
        Scope defaults,
        Function<String, Optional<Base>> bases,
        Predicate<String> isImageName,
        Supplier<IgnorePatterns> ignored) {

    /**
     * A base image that is known.
     *
     * @param env the environment in its config
     * @param hasShell whether its config says which shell runs commands
     */
    public record Base(Map<String, String> env, boolean hasShell) {
        public Base {
            env = Map.copyOf(env);
        }
    }
}
