print("zscope")
