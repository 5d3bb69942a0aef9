package dev.wherry.cli.command.login;

import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A {@code docker-credential-NAME} program, which keeps logins in the key ring of a desktop or somewhere else. It is given
 * one word, reads its input from standard input and answers on standard output (docker-credential-helpers, "Development").
 */
final class CredentialProgram {
    /** The user of a login by an identity token. */
    private static final String TOKEN = "<token>";

    private static final String NOT_FOUND = "credentials not found";
    private static final int PATIENCE_SECONDS = 120;

    private final String name;
    private final Map<String, String> environment;

    CredentialProgram(String name, Map<String, String> environment) {
        this.name = name;
        this.environment = environment;
    }

    Optional<StoredLogin> get(String key) {
        Answer answer = run("get", key);
        if (!answer.succeeded) {
            if (answer.text.contains(NOT_FOUND)) {
                return Optional.empty();
            }
            throw failure("get", answer);
        }
        if (!(json("get", answer) instanceof Map<?, ?> login)
                || !(login.get("Username") instanceof String user)
                || !(login.get("Secret") instanceof String secret)) {
            throw failure("get", new Answer(false, "it does not answer as it should"));
        }
        return Optional.of(user.equals(TOKEN) ? new StoredLogin("", "", secret) : new StoredLogin(user, secret, ""));
    }

    void store(String key, StoredLogin login) {
        boolean token = !login.identityToken().isEmpty();
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("ServerURL", key);
        input.put("Username", token ? TOKEN : login.user());
        input.put("Secret", token ? login.identityToken() : login.password());
        Answer answer = run("store", JsonValues.compact(input));
        if (!answer.succeeded) {
            throw failure("store", answer);
        }
    }

    /** Removes a login; that there is none is fine. */
    void erase(String key) {
        Answer answer = run("erase", key);
        if (!answer.succeeded && !answer.text.contains(NOT_FOUND)) {
            throw failure("erase", answer);
        }
    }

    private record Answer(boolean succeeded, String text) {}

    private Answer run(String word, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(program(), word);
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException unread) {
                // A program that needs no input may end before it has it.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Answer(false, "it does not end");
            }
            return new Answer(process.exitValue() == 0, output.strip());
        } catch (IOException absent) {
            return new Answer(false, "cannot run docker-credential-" + name + ": is it installed?");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer(false, "interrupted");
        }
    }

    /** The program in the folders of PATH, or its name when it is in none. */
    private String program() {
        String file = "docker-credential-" + name;
        if (file.contains("/")) {
            throw new Failure("\"" + name + "\" is not the name of a credential helper");
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, file))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(file);
    }

    private Object json(String word, Answer answer) {
        try {
            return JsonValues.parse(answer.text);
        } catch (IllegalArgumentException malformed) {
            throw failure(word, new Answer(false, "it does not answer in JSON"));
        }
    }

    private Failure failure(String word, Answer answer) {
        return new Failure("docker-credential-" + name + " " + word + " failed: "
                + answer.text.lines().findFirst().orElse("no message"));
    }
}
