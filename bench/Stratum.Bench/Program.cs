using BenchmarkDotNet.Running;
using Stratum.Bench;

BenchmarkSwitcher.FromAssembly(typeof(BenchConfig).Assembly).Run(args, new BenchConfig());
