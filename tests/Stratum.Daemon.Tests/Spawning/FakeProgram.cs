namespace Stratum.Daemon.Tests;

/// <summary>A daemon's program as a script: it takes a daemon's arguments, writes a cookie, answers RPC over HTTP, and
/// has the manners that a test gives it.</summary>
internal static class FakeProgram
{
    /// <param name="setup">Python that runs before anything else; <c>args</c> is a dictionary of the arguments, and
    /// <c>say(text)</c> writes to the output.</param>
    /// <param name="answer">Python that sets <c>result</c> or <c>error = (code, text)</c> for <c>method</c>; <c>calls</c>
    /// counts from 1. By default a block count and an end at <c>stop</c>.</param>
    public static string Python(string setup = "", string answer = "") => $$"""
        #!/usr/bin/env python3
        import http.server, json, os, signal, sys, threading, time, base64
        args = dict((a.lstrip('-').split('=', 1) + [''])[:2] for a in sys.argv[1:])
        calls = 0
        def say(text):
            sys.stderr.write(text + '\n'); sys.stderr.flush()
        def end():
            threading.Timer(0.05, lambda: os._exit(0)).start()
        {{setup}}
        conf = dict(line.strip().split('=', 1) for line in open(args['conf']) if '=' in line) if 'conf' in args else {}
        if 'rpcpassword' in conf:
            known = conf['rpcuser'] + ':' + conf['rpcpassword']
        else:
            known = '__cookie__:' + os.urandom(16).hex()
            with open(os.open(args['datadir'] + '/.cookie', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as f:
                f.write(known)
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *a): pass
            def do_POST(self):
                global calls
                body = self.rfile.read(int(self.headers['Content-Length']))
                if self.headers['Authorization'] != 'Basic ' + base64.b64encode(known.encode()).decode():
                    return self.reply(401, b'')
                calls += 1
                call = json.loads(body)
                method = call['method']
                result, error = 7, None
                if method == 'stop': result = 'stopping'
        {{Indent(answer, 8)}}
                if method == 'stop' and result == 'stopping': end()
                error = error and {'code': error[0], 'message': error[1]}
                self.reply(500 if error else 200, json.dumps({'result': result, 'error': error, 'id': call['id']}).encode())
            def reply(self, status, body):
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(('127.0.0.1', int(args['rpcport'])), Handler).serve_forever()

        """;

    private static string Indent(string code, int columns) =>
        string.Join('\n', code.Split('\n').Select(line => new string(' ', columns) + line));
}
