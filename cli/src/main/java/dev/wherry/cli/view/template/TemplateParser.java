package dev.wherry.cli.view.template;

import dev.wherry.cli.view.template.Node.Command;
import dev.wherry.cli.view.template.Node.Operand;
import dev.wherry.cli.view.template.Node.Pipeline;
import dev.wherry.cli.view.template.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Makes nodes of tokens. */
final class TemplateParser {
    /** Deeper templates are somebody's joke. */
    private static final int DEEPEST = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    private TemplateParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Node> parse(String source) {
        TemplateParser parser = new TemplateParser(TemplateLexer.tokens(source));
        List<Node> nodes = parser.body();
        if (parser.peek().kind() != Kind.END) {
            throw new TemplateException(
                    "unexpected {{" + parser.tokens.get(parser.at + 1).text() + "}}");
        }
        return nodes;
    }

    /** Reads nodes up to the end, an {@code end} or an {@code else}. */
    private List<Node> body() {
        if (++depth > DEEPEST) {
            throw new TemplateException("nested too deeply");
        }
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = peek();
            if (token.kind() == Kind.END || token.kind() == Kind.OPEN && (isKeyword("end") || isKeyword("else"))) {
                depth--;
                return nodes;
            }
            at++;
            if (token.kind() == Kind.TEXT) {
                nodes.add(new Node.Text(token.text()));
            } else {
                nodes.add(action());
            }
        }
    }

    private boolean isKeyword(String name) {
        Token next = tokens.get(at + 1);
        return next.kind() == Kind.NAME && next.text().equals(name);
    }

    private Node action() {
        Token token = peek();
        String keyword = token.kind() == Kind.NAME ? token.text() : "";
        return switch (keyword) {
            case "if", "with", "range" -> {
                at++;
                yield block(keyword);
            }
            case "break" -> {
                at++;
                expect(Kind.CLOSE);
                yield new Node.Break();
            }
            case "continue" -> {
                at++;
                expect(Kind.CLOSE);
                yield new Node.Continue();
            }
            case "define", "template", "block" -> throw new TemplateException(keyword + " is not supported");
            default -> {
                Pipeline pipeline = pipeline(false);
                expect(Kind.CLOSE);
                yield new Node.Action(pipeline);
            }
        };
    }

    private Node block(String keyword) {
        Pipeline pipeline = pipeline(keyword.equals("range"));
        expect(Kind.CLOSE);
        List<Node> body = body();
        List<Node> otherwise = otherwise();
        return switch (keyword) {
            case "if" -> new Node.If(pipeline, body, otherwise);
            case "with" -> new Node.With(pipeline, body, otherwise);
            default -> new Node.Range(pipeline, body, otherwise);
        };
    }

    /** Reads the rest of a block: an {@code else} with its body or the {@code if} chained to it, and the end. */
    private List<Node> otherwise() {
        if (peek().kind() == Kind.END) {
            throw new TemplateException("unexpected end: {{end}} is missing");
        }
        at++;
        Token keyword = next();
        if (keyword.text().equals("end")) {
            expect(Kind.CLOSE);
            return List.of();
        }
        if (peek().kind() == Kind.NAME
                && (peek().text().equals("if") || peek().text().equals("with"))) {
            return List.of(block(next().text()));
        }
        expect(Kind.CLOSE);
        List<Node> body = body();
        if (peek().kind() == Kind.END || !isKeyword("end")) {
            throw new TemplateException("expected {{end}} after {{else}}");
        }
        at += 2;
        expect(Kind.CLOSE);
        return body;
    }

    private Pipeline pipeline(boolean range) {
        if (++depth > DEEPEST) {
            throw new TemplateException("nested too deeply");
        }
        List<String> variables = new ArrayList<>();
        boolean declares = false;
        if (peek().kind() == Kind.VARIABLE) {
            int start = at;
            variables.add(next().text());
            if (range && peek().kind() == Kind.COMMA) {
                at++;
                variables.add(expect(Kind.VARIABLE).text());
            }
            Kind operator = peek().kind();
            if (operator == Kind.DECLARE || operator == Kind.ASSIGN) {
                declares = operator == Kind.DECLARE;
                at++;
            } else {
                variables.clear();
                at = start;
            }
        }
        List<Command> commands = new ArrayList<>();
        do {
            commands.add(command());
        } while (accept(Kind.PIPE));
        depth--;
        return new Pipeline(variables, declares, commands);
    }

    private Command command() {
        List<Operand> operands = new ArrayList<>();
        while (true) {
            Kind kind = peek().kind();
            if (kind == Kind.PIPE || kind == Kind.CLOSE || kind == Kind.RIGHT) {
                break;
            }
            if (!operands.isEmpty() && !peek().spaced()) {
                throw new TemplateException("unexpected " + Quotes.quoted(peek().text()) + " in operand");
            }
            operands.add(operand());
        }
        if (operands.isEmpty()) {
            throw new TemplateException("missing value for command");
        }
        return new Command(operands);
    }

    private Operand operand() {
        Operand first = term();
        List<String> fields = new ArrayList<>();
        while (peek().kind() == Kind.FIELD && !peek().spaced()) {
            fields.add(next().text());
        }
        return switch (first) {
            case Operand.Fields(Operand from, List<String> names)
            when !fields.isEmpty() -> {
                List<String> all = new ArrayList<>(names);
                all.addAll(fields);
                yield new Operand.Fields(from, all);
            }
            default -> fields.isEmpty() ? first : new Operand.Fields(first, fields);
        };
    }

    private Operand term() {
        Token token = next();
        return switch (token.kind()) {
            case DOT -> new Operand.Dot();
            case FIELD -> new Operand.Fields(new Operand.Dot(), List.of(token.text()));
            case VARIABLE -> new Operand.Variable(token.text());
            case STRING -> new Operand.Literal(token.text());
            case CHARACTER -> new Operand.Literal((long) token.text().codePointAt(0));
            case NUMBER -> new Operand.Literal(number(token.text()));
            case NAME ->
                switch (token.text()) {
                    case "true" -> new Operand.Literal(true);
                    case "false" -> new Operand.Literal(false);
                    case "nil" -> new Operand.Nil();
                    default -> new Operand.Function(token.text());
                };
            case LEFT -> {
                Pipeline pipeline = pipeline(false);
                expect(Kind.RIGHT);
                yield new Operand.Nested(pipeline);
            }
            case TEXT, OPEN, CLOSE, PIPE, COMMA, DECLARE, ASSIGN, RIGHT, END ->
                throw new TemplateException("unexpected " + described(token) + " in action");
        };
    }

    private static Object number(String text) {
        try {
            boolean whole = text.matches("[+-]?[0-9]+|[+-]?0[xX][0-9a-fA-F]+");
            return whole ? (Object) Long.decode(text) : new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new TemplateException("bad number syntax: " + Quotes.quoted(text));
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        return tokens.get(at++);
    }

    private boolean accept(Kind kind) {
        if (peek().kind() != kind) {
            return false;
        }
        at++;
        return true;
    }

    private Token expect(Kind kind) {
        Token token = next();
        if (token.kind() != kind) {
            throw new TemplateException("unexpected " + described(token) + " in action");
        }
        return token;
    }

    private static String described(Token token) {
        return switch (token.kind()) {
            case CLOSE -> "\"}}\"";
            case PIPE -> "\"|\"";
            case COMMA -> "\",\"";
            case LEFT -> "\"(\"";
            case RIGHT -> "\")\"";
            case DECLARE -> "\":=\"";
            case ASSIGN -> "\"=\"";
            case END -> "end";
            case TEXT, OPEN, FIELD, VARIABLE, DOT, NAME, STRING, CHARACTER, NUMBER -> Quotes.quoted(token.text());
        };
    }
}
