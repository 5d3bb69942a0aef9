package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered where there is no daemon: all that does not depend on what it holds. */
class CompletionTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "ru~run",
                "image ~ls inspect history tag rm prune pull push copy import load save ls-files cat diff tree build",
                "image l~ls load ls-files",
                "help con~container context",
                "help image hi~history",
                "--h~--host --help",
                "-H unix:///none.sock sto~stop",
                "--host=unix:///none.sock sto~stop",
                "build --progress ~auto tty plain rawjson quiet",
                "build --progress t~tty",
                "build --progress=p~--progress=plain",
                "run --network ~bridge host none",
                "run -it --network n~none",
                "run --network=h~--network=host",
                "container run --pull=~--pull=always --pull=missing --pull=never",
                "run --restart o~on-failure",
                "inspect --type i~image",
                "kill -s K~KILL",
                "build --no~--no-cache --no-cache-filter",
                "build -t app --fi~--file",
                "build ~:folders",
                "build -t app ~:folders",
                "build -f ~:files",
                "build --file=~:files",
                "build --iidfile ~:files",
                "run --env-file ~:files",
                "run -itw /srv --env-file ~:files",
                "import ~:files",
                "completion ~bash zsh fish",
            })
    void offersWhatMayStandThere(String line, String expected) {
        assertThat(words(line)).isEqualTo(List.of(expected.split(" ")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "nosuch ",
                "image nosuch ",
                "--nosuch r",
                "-H ",
                "run --name ",
                "run --gpu",
                "build --squa",
                "run app --he",
                "run app ",
                "run -- --he",
                "build . ",
                "ps ",
                "ps --all=",
                "ps --nosuch=",
                "rm ",
                "rmi ",
                "-H tcp://host:1 rm ",
                "completion bash ",
            })
    void offersNothingElse(String line) {
        assertThat(words(line)).isEmpty();
    }

    @Test
    void flagsAreDescribed() {
        assertThat(complete("build --iid")).isEqualTo("--iidfile\tWrite the image ID to a file\n");
        assertThat(complete("imag").lines()).contains("images\tList images", "image\tManage images");
    }

    @Test
    void wordsThatATerminalWouldObeyAreNotOffered() {
        assertThat(new Candidate("web", "").continues("w")).isTrue();
        assertThat(new Candidate("w\033[2Jeb", "").continues("w")).isFalse();
        assertThat(new Candidate("w\neb", "").continues("w")).isFalse();
        assertThat(new Candidate("web", "app\033[2J\n, running").line()).isEqualTo("web\tapp , running");
    }

    @ParameterizedTest
    @CsvSource({"bash,wherry", "zsh,_wherry", "fish,wherry.fish"})
    void printsTheScriptThatPackagesInstall(String shell, String file) throws IOException {
        assertThat(InProcess.wherry("", "completion", shell).stdout())
                .isEqualTo(Files.readString(Path.of("src/main/resources/completion", file)));
    }

    @Test
    void otherShellsAreRefused() {
        InProcess.Result refused = InProcess.wherry("", "completion", "csh");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr()).isEqualTo("wherry: completion: the shell must be bash, zsh or fish, not csh\n");
    }

    private static List<String> words(String line) {
        return complete(line).lines().map(word -> word.split("\t")[0]).toList();
    }

    private static String complete(String line) {
        String[] typed = line.split(" ", -1);
        String[] words = new String[typed.length + 1];
        words[0] = "__complete";
        System.arraycopy(typed, 0, words, 1, typed.length);
        InProcess.Result result = InProcess.wherry("unix:///nosuch/wherryd.sock", words);
        assertThat(result.stderr()).as(Arrays.toString(words)).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.stdout();
    }
}
