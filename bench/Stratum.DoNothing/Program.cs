// What a .NET program costs before it does anything: the measure for one that is started for every block.
return 0;
